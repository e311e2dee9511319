"""Servicing to the cent: schedules, allocation, accrual, relief, annual cost, statements. Pure rules."""
