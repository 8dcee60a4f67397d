package dev.heddle.net;

import dev.heddle.io.ByteStream;

/** The handler of a server's connections: what it does with each. */
@FunctionalInterface
public interface StreamHandler {

    /**
     * Serves one connection, in a task of its own. The stream is closed after it: gracefully when it returns, at once
     * when it throws, so that a peer cannot take half an answer for a whole one.
     */
    void handle(ByteStream stream) throws Exception;
}
