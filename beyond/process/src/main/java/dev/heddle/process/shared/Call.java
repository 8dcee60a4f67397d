package dev.heddle.process.shared;

import dev.heddle.CancelScope;
import org.jspecify.annotations.Nullable;

/** One call, as the manager sees it. Confined to the manager's loop. */
final class Call {

    private static final String GIVEN_UP = "the caller was cancelled";

    final long number;

    /** The number of the calling thread in its process. */
    final long caller;

    /** That thread, if it is of this process. */
    final @Nullable Thread thread;

    final int object;
    final int method;
    final byte[] content;

    /** Where in the content the arguments begin. */
    final int offset;

    private @Nullable CancelScope scope;
    private boolean cancelled;

    Call(long number, long caller, @Nullable Thread thread, int object, int method, byte[] content, int offset) {
        this.number = number;
        this.caller = caller;
        this.thread = thread;
        this.object = object;
        this.method = method;
        this.content = content;
        this.offset = offset;
    }

    /** One of the calling thread. */
    static Call here(long number, RemoteReference target, CallTable.Entry entry, byte[] arguments) {
        Thread caller = Thread.currentThread();
        return new Call(number, Callers.number(caller), caller, target.number, entry.number(), arguments, 0);
    }

    boolean hasArguments() {
        return content.length > offset;
    }

    /** It is done inside this scope. */
    void begin(CancelScope inside) {
        scope = inside;
        if (cancelled) {
            inside.cancel(GIVEN_UP);
        }
    }

    void cancel() {
        cancelled = true;
        if (scope != null) {
            scope.cancel(GIVEN_UP);
        }
    }
}
