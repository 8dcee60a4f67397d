package dev.heddle.http.client;

import dev.heddle.HeddleException;

/** The failure of a request whose reply has another status than success, where a success was asked for. */
public final class ReplyStatusException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final int status;

    ReplyStatusException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** The status of the reply, anything but 200 to 299. */
    public int status() {
        return status;
    }
}
