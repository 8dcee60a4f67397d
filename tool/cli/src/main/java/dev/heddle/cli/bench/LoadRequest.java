package dev.heddle.cli.bench;

import dev.heddle.cli.command.ErrorText;

/** The request of one connection of a load, sent again and again, one after the other. */
interface LoadRequest {

    /**
     * Sends the request and takes the whole reply.
     *
     * <p>Cancellation: the reply is thrown away.
     *
     * @return the status
     */
    int fire();

    /** The bytes of the body of the last reply, as far as it came. */
    long bytes();

    /** Why the last request failed, in one line. */
    default String reason(RuntimeException failure) {
        return ErrorText.of(failure);
    }
}
