"""What a server's API answers, a file a resource: each method is one request, or pages of them."""
