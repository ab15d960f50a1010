"""Tests of Asked Before."""
