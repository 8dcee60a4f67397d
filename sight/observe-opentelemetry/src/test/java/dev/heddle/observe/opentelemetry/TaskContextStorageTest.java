package dev.heddle.observe.opentelemetry;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.WorkerPool;
import dev.heddle.generators.Generator;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.trace.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** OpenTelemetry's current context is bound in the running code, as Heddle's trace is. */
final class TaskContextStorageTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final TraceContext OUTER = TraceContext.parse("00-" + TRACE + "-b7ad6b7169203331-01", "a=1,b=2")
            .orElseThrow();

    /** A context with a span of this number. */
    private static Context span(int number) {
        return Context.root().with(Span.wrap(SpanContext.create(
                TRACE, "%016x".formatted(number), TraceFlags.getSampled(),
                TraceState.builder().put("v", "" + number).build())));
    }

    /** The number of the current span as both sides see it; 0 if there is none. */
    private static int current() {
        SpanContext span = Span.current().getSpanContext();
        assertEquals(
                span.isValid() ? span.getTraceId() + span.getSpanId() : "",
                TraceContext.current().map(trace -> trace.traceId() + trace.spanId()).orElse(""));
        return span.isValid() ? Integer.parseInt(span.getSpanId(), 16) : 0;
    }

    @Test
    void openTelemetryFindsTheStorageByItself() {
        assertSame(TaskContextStorage.INSTANCE, ContextStorage.get());
    }

    @Test
    void whatIsMadeCurrentIsHeddlesTraceUntilTheScopeIsClosed() {
        assertEquals(0, current());
        try (Scope _ = span(1).makeCurrent()) {
            assertEquals(1, current());
            assertEquals("v=1", TraceContext.current().orElseThrow().state());
            assertTrue(TraceContext.current().orElseThrow().isSampled());
            try (Scope _ = span(2).makeCurrent()) {
                assertEquals(2, current());
            }
            assertEquals(1, current());
        }
        assertEquals(0, current());
    }

    @Test
    void heddlesTraceIsTheCurrentSpanOfAnotherProcess() {
        OUTER.run(() -> {
            SpanContext span = Span.current().getSpanContext();
            assertEquals(OUTER.traceId() + OUTER.spanId(), span.getTraceId() + span.getSpanId());
            assertTrue(span.isRemote());
            assertTrue(span.isSampled());
            assertEquals("2", span.getTraceState().get("b"));
        });
        assertFalse(Span.current().getSpanContext().isValid());
    }

    @Test
    void whatWasSetLastCountsAndTheRestOfTheContextStays() {
        try (Scope _ = span(1).with(USER, "ada").makeCurrent()) {
            OUTER.run(() -> {
                assertEquals(OUTER.spanId(), Span.current().getSpanContext().getSpanId());
                assertEquals("ada", Context.current().get(USER));
                try (Scope _ = Context.current().with(USER, "bob").makeCurrent()) {
                    assertEquals(OUTER.spanId(), TraceContext.current().orElseThrow().spanId());
                    assertEquals("bob", Context.current().get(USER));
                }
                try (Scope _ = span(2).makeCurrent()) {
                    assertEquals(2, current());
                }
                assertEquals("ada", Context.current().get(USER));
            });
            assertEquals(1, current());
        }
    }

    @Test
    void rootTakesTheTraceAway() {
        OUTER.run(() -> {
            try (Scope _ = Context.root().makeCurrent()) {
                assertEquals(0, current());
                assertEquals(0, Heddle.<Integer>run(() -> spawn(TaskContextStorageTest::current).join()));
            }
            assertEquals(OUTER.spanId(), Span.current().getSpanContext().getSpanId());
        });
    }

    @Test
    void itGoesAlongToAllThatIsStartedMeanwhile() {
        Heddle.run(() -> {
            Promise<Integer> called = new Promise<>();
            Promise<Integer> later = new Promise<>();
            try (WorkerPool workers = WorkerPool.of(1)) {
                workers.call(() -> 0);
                try (Scope _ = span(1).makeCurrent()) {
                    assertEquals(1, spawn(() -> spawn(TaskContextStorageTest::current).join()).join());
                    assertEquals(1, offload(TaskContextStorageTest::current));
                    assertEquals(1, workers.call(TaskContextStorageTest::current));
                    assertEquals(1, workers.submit((Callable<Integer>) TaskContextStorageTest::current).get());
                    currentLoop().callSoon(() -> called.complete(current()));
                    currentLoop().callLater(Duration.ofMillis(1), () -> later.complete(current()));
                }
                assertEquals(0, workers.call(TaskContextStorageTest::current));
            }
            assertEquals(1, called.join());
            assertEquals(1, later.join());
            assertEquals(0, current());
        });
    }

    @Test
    void contextThatIsCurrentBeforeReachesTheForksOfAScopeOfTheJdk() {
        Heddle.run(() -> {
            try (Scope _ = span(1).makeCurrent()) {
                assertEquals(1, inAFork(Thread.ofVirtual().factory()));
                assertEquals(1, inAFork(Heddle.threadFactory()));
            }
        });
    }

    /** By reflection, since the scopes are a preview. */
    private static int inAFork(ThreadFactory forks) throws Exception {
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Class<?> joiner = Class.forName("java.util.concurrent.StructuredTaskScope$Joiner");
        Class<?> configuration = Class.forName("java.util.concurrent.StructuredTaskScope$Configuration");
        var with = configuration.getMethod("withThreadFactory", ThreadFactory.class);
        Function<Object, Object> configure = config -> {
            try {
                return with.invoke(config, forks);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        };
        var seen = new AtomicInteger();
        Object scope = type.getMethod("open", joiner, Function.class)
                .invoke(null, joiner.getMethod("allSuccessfulOrThrow").invoke(null), configure);
        try {
            type.getMethod("fork", Runnable.class).invoke(scope, (Runnable) () -> seen.set(current()));
            type.getMethod("join").invoke(scope);
        } finally {
            type.getMethod("close").invoke(scope);
        }
        return seen.get();
    }

    @Test
    void tasksThatTakeTurnsSeeTheirOwn() {
        Sim.run(SimOptions.DEFAULT, _ -> Heddle.group(group -> {
            for (int i = 1; i <= 10; i++) {
                int mine = i;
                group.spawn(() -> {
                    for (int turn = 0; turn < 5; turn++) {
                        try (Scope _ = span(mine).makeCurrent()) {
                            Heddle.sleep(Duration.ofMillis(turn));
                            assertEquals(mine, current());
                            Heddle.checkpoint();
                            assertEquals(mine, current());
                        }
                        Heddle.checkpoint();
                        assertEquals(0, current());
                    }
                });
            }
        }));
    }

    @Test
    void generatorAndItsConsumerDoNotSeeEachOthers() {
        Heddle.run(() -> {
            try (Generator<Integer> spans = Generator.of(out -> {
                try (Scope _ = span(2).makeCurrent()) {
                    out.yield(current());
                    out.yield(current());
                }
                out.yield(current());
            })) {
                var all = spans.iterator();
                assertEquals(2, all.next());
                assertEquals(0, current());
                try (Scope _ = span(1).makeCurrent()) {
                    assertEquals(2, all.next());
                    assertEquals(1, current());
                    assertEquals(0, all.next());
                }
                assertEquals(0, current());
            }
        });
    }

    @Test
    void outerScopeThatIsClosedFirstIsLeftOut() {
        Scope one = span(1).makeCurrent();
        Scope two = span(2).makeCurrent();
        one.close();
        assertEquals(2, current());
        two.close();
        assertEquals(1, current());
        two.close();
        assertEquals(1, current());
        one.close();
        assertEquals(0, current());
    }

    @Test
    void scopeIsClosedByItsOwnThreadOnly() throws Exception {
        try (Scope scope = span(1).makeCurrent()) {
            Thread other = Thread.ofPlatform().start(scope::close);
            other.join();
            assertEquals(1, current());
        }
        assertEquals(0, current());
    }

    @Test
    void scopeThatIsNeverClosedEndsWithTheBindingOrTheTaskAroundIt() {
        OUTER.run(() -> span(1).makeCurrent());
        assertEquals(0, current());
        Heddle.run(() -> {
            spawn(() -> {
                span(1).makeCurrent();
            }).join();
            assertEquals(0, current());
            try (WorkerPool workers = WorkerPool.of(1)) {
                workers.call(() -> span(1).makeCurrent());
                assertEquals(0, workers.call(TaskContextStorageTest::current));
            }
        });
    }

    @Test
    void scopesThatAreNeverClosedDoNotPileUp() {
        OUTER.run(() -> {
            span(1).makeCurrent();
            WeakReference<Context> second = forgotten();
            span(3).makeCurrent();
            while (second.get() != null) {
                System.gc();
                Thread.onSpinWait();
            }
            assertEquals(3, current());
        });
    }

    private static WeakReference<Context> forgotten() {
        Context second = span(2);
        second.makeCurrent();
        return new WeakReference<>(second);
    }
}
