"""How each request is done: a coroutine a method, by subject. `linkdesk.ways` lists them."""
