package dev.heddle.internal.generators;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rewriter of the bodies of one kind of generator.
 *
 * <p>Threads: any.
 */
public final class Rewriter {

    private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private final Outs outs;
    private final ClassValue<RewrittenBody> bodies = new ClassValue<>() {
        @Override
        protected RewrittenBody computeValue(Class<?> type) {
            return new RewrittenBody(outs, type, type.isHidden() ? caller() : null);
        }
    };

    /**
     * Makes one.
     *
     * @param factory the class whose {@code of} takes a body
     * @param body the interface of the bodies
     * @param out what they yield to
     */
    public Rewriter(Class<?> factory, Class<?> body, Class<?> out) {
        this.outs = new Outs(factory, body, out);
    }

    /** What there is to know of a body; to be called by the method {@code of} that a user calls with it. */
    public RewrittenBody of(Object body) {
        return bodies.get(body.getClass());
    }

    /** The frame of whoever has called the factory. */
    private @Nullable StackFrame caller() {
        return WALKER.walk(new Function<Stream<StackFrame>, Optional<StackFrame>>() {
            @Override
            public Optional<StackFrame> apply(Stream<StackFrame> frames) {
                Iterator<StackFrame> each = frames.iterator();
                while (!isFactory(each.next())) {
                    // our own, and that of the factory
                }
                return each.hasNext() ? Optional.of(each.next()) : Optional.empty();
            }
        }).orElse(null);
    }

    private boolean isFactory(StackFrame frame) {
        return frame.getDeclaringClass() == outs.factory() && frame.getMethodName().equals("of");
    }

}
