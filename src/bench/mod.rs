//! Whole-process figures against the budgets.
