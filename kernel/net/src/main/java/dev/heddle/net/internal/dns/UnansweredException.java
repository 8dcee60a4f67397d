package dev.heddle.net.internal.dns;

/** The failure of a look-up that no server has answered: whether there is such a name is not known. */
public final class UnansweredException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean told;

    /**
     * @param reason who was asked, and what came of it
     * @param told whether a server said that it failed, so that it is there
     */
    UnansweredException(String reason, boolean told) {
        super(reason);
        this.told = told;
    }

    /** Whether a server said that it failed; else they were silent, or not to be reached. */
    public boolean isTold() {
        return told;
    }
}
