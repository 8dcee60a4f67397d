package dev.heddle.process.internal.codec;

import org.jspecify.annotations.Nullable;

/** The place in another process where an exception was made: the cause of that exception here. Never thrown itself. */
public final class RemoteStack extends Throwable {

    private static final long serialVersionUID = 1;

    RemoteStack(String where, StackTraceElement[] stack, @Nullable Throwable cause) {
        super(where, cause);
        setStackTrace(stack);
    }
}
