package dev.heddle.net.internal.dns;

/** The failure of a look-up that no server has answered: whether there is such a name is not known. */
public final class UnansweredException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param reason who was asked, and what came of it
     */
    UnansweredException(String reason) {
        super(reason);
    }
}
