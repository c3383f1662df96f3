"""Invented registries made from any rule book: subjects that its rules tell apart."""
