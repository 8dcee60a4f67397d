package dev.heddle.net;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The failure of a look-up: the host name has no address, or none was found in time. */
public final class ResolveException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final String host;

    /**
     * @param host the name that was looked up
     * @param reason why there is no answer
     * @param cause the system's failure, if it gave one
     */
    public ResolveException(String host, String reason, @Nullable Throwable cause) {
        super("cannot resolve " + host + ": " + reason, cause);
        this.host = host;
    }

    /** The name that was looked up. */
    public String host() {
        return host;
    }
}
