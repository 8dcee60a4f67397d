package dev.heddle.internal;

import dev.heddle.TaskFailedException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The handling of throwables that leave bodies, and their texts. */
public final class Throwables {

    /** Most causes inside each other that are compared. */
    private static final int MAX_DEPTH = 20;

    private Throwables() {}

    /** Errors and unchecked exceptions as they are; a checked one wrapped once. Throws errors itself. */
    public static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return (RuntimeException) wrapped(e);
    }

    /** Errors and unchecked exceptions as they are; a checked one wrapped once. */
    public static Throwable wrapped(Throwable e) {
        return e instanceof Error || e instanceof RuntimeException ? e : new TaskFailedException(text(e), e);
    }

    /** The cause; null where there is none, or where code of users fails to give it. */
    public static @Nullable Throwable cause(Throwable e) {
        try {
            return e.getCause();
        } catch (Throwable broken) {
            return null;
        }
    }

    /** Whether two failures differ by their messages at most: of the same types, from the same lines, down to causes. */
    public static boolean areAlike(Throwable one, Throwable other) {
        try {
            return areAlike(one, other, MAX_DEPTH);
        } catch (RuntimeException broken) { // code of users may fail to tell
            return false;
        }
    }

    private static boolean areAlike(@Nullable Throwable one, @Nullable Throwable other, int depth) {
        if (one == null || other == null || one == other || depth == 0) {
            return one == other;
        }
        Throwable[] notes = one.getSuppressed();
        Throwable[] others = other.getSuppressed();
        return one.getClass() == other.getClass()
                && notes.length == others.length
                && Arrays.equals(one.getStackTrace(), other.getStackTrace())
                && areAlike(one.getCause(), other.getCause(), depth - 1)
                && IntStream.range(0, notes.length).allMatch(i -> areAlike(notes[i], others[i], depth - 1));
    }

    /** The type and the message in one line; the words may come from code of users, and that may fail too. */
    public static String text(Throwable e) {
        return words(e::toString).orElseGet(() -> e.getClass().getName());
    }

    /**
     * The failure as a log can print it: itself, or where its words, its causes or what it has suppressed fail to be told, one
     * with its type and its stack in its place.
     */
    public static Throwable printable(Throwable e) {
        try {
            e.printStackTrace(new PrintWriter(Writer.nullWriter()));
            return e;
        } catch (Throwable broken) {
            return new Untellable(e);
        }
    }

    /** A failure whose own words fail. */
    private static final class Untellable extends RuntimeException {

        private static final long serialVersionUID = 1;

        Untellable(Throwable failure) {
            super(text(failure) + ", which cannot be told whole");
            try {
                setStackTrace(failure.getStackTrace());
            } catch (Throwable broken) {
                setStackTrace(new StackTraceElement[0]);
            }
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the type that a reader looks for is in the message
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    /** What happened and why, in one line; without the reason where there is no memory for it. */
    public static String text(String what, Throwable e) {
        try {
            return what + ": " + text(e);
        } catch (Throwable broken) {
            return what;
        }
    }

    /** The message, or the type where there is none: for the inside of another message. */
    public static String describe(Throwable e) {
        return words(e::getMessage).filter(message -> !message.isBlank()).orElseGet(() -> e.getClass().getSimpleName());
    }

    /** What code of users says, which may say nothing, and may fail. */
    private static Optional<String> words(Supplier<@Nullable String> said) {
        try {
            return Optional.ofNullable(said.get());
        } catch (Throwable broken) {
            return Optional.empty();
        }
    }
}
