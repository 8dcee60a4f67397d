package dev.heddle.cluster;

import dev.heddle.HeddleException;
import dev.heddle.internal.SameFailure;
import org.jspecify.annotations.Nullable;

/** A job whose result somebody waits for has failed too often, and is a dead letter. */
public final class JobFailedException extends HeddleException implements SameFailure {

    private static final long serialVersionUID = 1L;

    private final @Nullable String failed;

    /** Says which. */
    public JobFailedException(String message) {
        this(message, null);
    }

    JobFailedException(String message, @Nullable String failed) {
        super(message, null);
        this.failed = failed;
    }

    @Override
    public Object failed() {
        return failed == null ? this : failed;
    }
}
