"""A safer-internet centre in a box. This package imports nothing, so that the kernel can be used without the web."""
