"""The chat page: questions, answers and the data they come from, in a browser.

``page.build(assistant)`` makes the page, ``serve.serve(assistant)`` opens it on this computer. What the browser shows is made
here as text (``cards``, ``charts``, ``browser``); the few scripts in ``assets`` put it in place.
"""
