package dev.heddle.observe.internal;

import java.io.IOException;

/** A request that cannot be answered; the message says why, to who asked. */
final class BadRequestException extends IOException {

    BadRequestException(String message) {
        super(message);
    }
}
