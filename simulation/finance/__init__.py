"""The money of a plan over time: flows by month from posts, costs and bands; the `finance` table; whether it pays.

Pure functions of their arguments: a path of posts comes in as a value, and no published outcome is read here.
"""

from simulation.finance.asked import Asked
from simulation.finance.finance import Finance, finance_of
from simulation.finance.summary import finance_summary

__all__ = ["Asked", "Finance", "finance_of", "finance_summary"]
