"""The credit controller's desk: a full-screen application over the worklist and the debtors' sheets."""
