package dev.heddle.net;

/** The failure of a look-up that was answered: there is nothing under the name. */
final class UnknownNameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long keepNanos;

    /**
     * @param keepNanos how long that is good
     */
    UnknownNameException(String reason, long keepNanos) {
        super(reason);
        this.keepNanos = keepNanos;
    }

    long keepNanos() {
        return keepNanos;
    }
}
