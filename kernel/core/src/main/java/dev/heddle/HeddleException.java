package dev.heddle;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures that Heddle itself reports. Unchecked; each subclass is named for what happened.
 *
 * <p>Where one sentence may be said of many things, such as the requests of an HTTP client, the failure has the thing
 * as its {@link #subject()} and the sentence as its {@link #detail()}; the message is both: {@code GET http://h/a: no
 * response head after 5 s}.
 */
public class HeddleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private @Nullable Serializable subject;

    public HeddleException(String message) {
        super(message);
    }

    public HeddleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** @param hasStack whether it takes the stack of who makes it along */
    HeddleException(String message, @Nullable Throwable cause, boolean hasStack) {
        super(message, cause, true, hasStack);
    }

    /**
     * Says what this failure is about; its message then begins with it. For those who make a failure, before they
     * throw it: once, as with {@link #initCause}.
     *
     * @param subject its text is for people
     * @throws IllegalStateException if there is one already
     */
    public final void initSubject(Serializable subject) {
        if (this.subject != null) {
            throw new IllegalStateException("this failure is about " + this.subject + " already");
        }
        this.subject = Objects.requireNonNull(subject);
    }

    /** What the failure is about; empty if the message says all. */
    public final Optional<Serializable> subject() {
        return Optional.ofNullable(subject);
    }

    /** The message without the subject. */
    public final String detail() {
        return String.valueOf(super.getMessage());
    }

    /** The subject, if there is one, and the detail. */
    @Override
    public final String getMessage() {
        return subject == null ? detail() : subject + ": " + detail();
    }
}
