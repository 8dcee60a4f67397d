package dev.heddle.generators;

import dev.heddle.internal.generators.Rewriter;
import dev.heddle.internal.generators.RewrittenBody;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A body that has not begun, and that is given its generator then. */
sealed interface GeneratorStart<Y, S, R extends @Nullable Object> {

    /** Runs it, in a continuation or as a plain call. */
    R run(GeneratorBody<Y, S, R> generator) throws Exception;

    /** The body as a state machine; null if it could not be rewritten. */
    @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine(GeneratorBody<Y, S, R> generator);

    /** That of a {@link Generator}. */
    record Pull<T>(Generator.Body<T> body, RewrittenBody rewritten) implements GeneratorStart<T, Void, @Nullable Void> {

        private static final Rewriter REWRITER = new Rewriter(
                Generator.class, Generator.Body.class, Generator.Out.class);

        Pull(Generator.Body<T> body) {
            this(body, REWRITER.of(Objects.requireNonNull(body)));
        }

        @Override
        public @Nullable Void run(GeneratorBody<T, Void, @Nullable Void> generator) throws Exception {
            body.run(new Generator.Out<>(generator));
            return null;
        }

        @Override
        public @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine(
                GeneratorBody<T, Void, @Nullable Void> generator) {
            return rewritten.begin(body, new Generator.Out<>(generator));
        }
    }

    /** That of a plain {@link DuplexGenerator}. */
    record Duplex<Y, S, R extends @Nullable Object>(DuplexGenerator.Body<Y, S, R> body, RewrittenBody rewritten)
            implements
                GeneratorStart<Y, S, R> {

        private static final Rewriter REWRITER = new Rewriter(
                DuplexGenerator.class, DuplexGenerator.Body.class, DuplexGenerator.Out.class);

        Duplex(DuplexGenerator.Body<Y, S, R> body) {
            this(body, REWRITER.of(Objects.requireNonNull(body)));
        }

        @Override
        public R run(GeneratorBody<Y, S, R> generator) throws Exception {
            return body.run(new DuplexGenerator.Out<>(generator));
        }

        @Override
        public @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine(
                GeneratorBody<Y, S, R> generator) {
            return rewritten.begin(body, new DuplexGenerator.Out<>(generator));
        }
    }
}
