"""The shell: joins the floors below for check, propose, execute, explain, adopt and record."""
