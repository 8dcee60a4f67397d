package dev.heddle.observe.internal;

import java.io.IOException;

/** A request that cannot be answered; the message says why, to who asked. */
public final class BadRequestException extends IOException {

    public BadRequestException(String message) {
        super(message);
    }
}
