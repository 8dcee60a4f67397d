package dev.heddle.process.internal.codec;

import dev.heddle.GroupException;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.TaskAccess;
import dev.heddle.process.RemoteFailedException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An exception on its way: its class, words and stack, and those of its causes. Its fields stay behind.
 *
 * @param type the name of its class
 * @param suppressed those that it has suppressed
 */
public record FailureParcel(
        String type,
        @Nullable String message,
        List<Frame> stack,
        @Nullable FailureParcel cause,
        List<FailureParcel> suppressed) {

    private static final TaskAccess TASKS = TaskAccess.get();

    private static final int MAX_CAUSES = 16;
    private static final int MAX_SUPPRESSED = 16;
    private static final int MAX_FRAMES = 256;
    private static final int MAX_IN_ALL = 100;

    /** One line of a stack. */
    record Frame(String type, String method, @Nullable String file, int line) {}

    static FailureParcel of(Throwable failure) {
        Set<Throwable> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.add(failure);
        return of(failure, 0, known);
    }

    private static FailureParcel of(Throwable failure, int depth, Set<Throwable> known) {
        // The cause first: should it become too many, the chain of causes says most.
        Throwable cause = failure.getCause();
        FailureParcel why = cause != null && isNew(cause, depth, known) ? of(cause, depth + 1, known) : null;
        List<FailureParcel> suppressed = new ArrayList<>();
        for (Throwable each : failure instanceof GroupException group ? othersOf(group) : failure.getSuppressed()) {
            if (suppressed.size() < MAX_SUPPRESSED && isNew(each, depth, known)) {
                suppressed.add(of(each, depth + 1, known));
            }
        }
        List<Frame> stack = Arrays.stream(failure.getStackTrace())
                .limit(MAX_FRAMES)
                .map(f -> new Frame(f.getClassName(), f.getMethodName(), f.getFileName(), f.getLineNumber()))
                .toList();
        return new FailureParcel(failure.getClass().getName(), failure.getMessage(), stack, why, suppressed);
    }

    /** Those behind the first, which is the cause; without the notes that hang beside them. */
    private static Throwable[] othersOf(GroupException group) {
        return group.failures().stream().skip(1).toArray(Throwable[]::new);
    }

    /** Each travels once, as each is printed once: those that know each other, or the same others, would never end. */
    private static boolean isNew(Throwable failure, int depth, Set<Throwable> known) {
        return depth < MAX_CAUSES && known.size() < MAX_IN_ALL && known.add(failure);
    }

    /** Encodes a failure, or that it cannot be told. */
    public static byte[] encode(Codec codec, Throwable failure) {
        try {
            return codec.encode("the failure", false, of(failure));
        } catch (RuntimeException | Error untold) {
            return codec.encode(
                    "the failure", false,
                    new FailureParcel(
                            failure.getClass().getName(), "its words cannot be sent", List.of(), null, List.of()));
        }
    }

    /** The exception as it was: of the same class if that can be made of its words, with its stack. */
    Throwable unpack(ClassLoader loader) {
        Throwable shell = shellOf(part -> part.unpack(loader));
        if (shell != null) {
            shell.setStackTrace(stackTrace());
            return shell;
        }
        Throwable failure = make(loader, cause == null ? null : cause.unpack(loader));
        failure.setStackTrace(stackTrace());
        suppressed.forEach(each -> failure.addSuppressed(each.unpack(loader)));
        return failure;
    }

    /**
     * The exception for the caller in this process: of the same class, with the stack of here, and as its cause the
     * stack of there.
     *
     * @param where names the other process
     */
    public Throwable unpackHere(String where, ClassLoader loader) {
        Throwable shell = shellOf(part -> part.unpackHere(where, loader));
        if (shell != null) {
            return shell;
        }
        var there = new RemoteStack(where, stackTrace(), cause == null ? null : cause.unpack(loader));
        suppressed.forEach(each -> there.addSuppressed(each.unpack(loader)));
        return make(loader, there);
    }

    /** If what it means are the failures inside, the same around these. */
    private @Nullable Throwable shellOf(Function<FailureParcel, Throwable> parts) {
        if (cause == null) {
            return null;
        }
        if (type.equals(GroupException.class.getName())) {
            return TASKS.group(Stream.concat(Stream.of(cause), suppressed.stream()).map(parts).toList());
        }
        return type.equals(TaskFailedException.class.getName())
                ? new TaskFailedException(message == null ? "" : message, parts.apply(cause))
                : null;
    }

    private StackTraceElement[] stackTrace() {
        return stack.stream()
                .map(f -> new StackTraceElement(f.type, f.method, f.file, f.line))
                .toArray(StackTraceElement[]::new);
    }

    private Throwable make(ClassLoader loader, @Nullable Throwable why) {
        try {
            Class<?> named = Class.forName(type, false, loader);
            if (Throwable.class.isAssignableFrom(named) && Modifier.isPublic(named.getModifiers())) {
                Throwable made = construct(named.asSubclass(Throwable.class), why);
                if (made != null) {
                    return made;
                }
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            // Then it is told in words.
        }
        return new RemoteFailedException(type + (message == null ? "" : ": " + message), why);
    }

    private @Nullable Throwable construct(Class<? extends Throwable> named, @Nullable Throwable why)
            throws ReflectiveOperationException {
        for (Constructor<?> constructor : named.getConstructors()) {
            Class<?>[] types = constructor.getParameterTypes();
            if (types.length == 2 && types[0] == String.class
                    && types[1].isInstance(why == null ? new Throwable() : why)) {
                return (Throwable) constructor.newInstance(message, why);
            }
        }
        Throwable made;
        try {
            made = named.getConstructor(String.class).newInstance(message);
        } catch (NoSuchMethodException e) {
            if (message != null) {
                return null;
            }
            made = named.getConstructor().newInstance();
        }
        if (why != null) {
            made.initCause(why);
        }
        return made;
    }
}
