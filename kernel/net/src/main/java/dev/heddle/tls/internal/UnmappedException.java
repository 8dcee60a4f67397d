package dev.heddle.tls.internal;

/** The failure of an implementation of TLS to know what it is asked for; the JDK's is taken instead. */
public final class UnmappedException extends Exception {

    /** @param reason what is not known */
    public UnmappedException(String reason) {
        super(reason);
    }
}
