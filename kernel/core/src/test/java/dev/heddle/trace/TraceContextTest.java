package dev.heddle.trace;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.WorkerPool;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, section 3. */
class TraceContextTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
    private static final TraceContext CONTEXT = TraceContext.parse(PARENT, "vendor=1").orElseThrow();

    @Test
    void traceparentIsReadAndWritten() {
        assertEquals(new TraceContext(TRACE, SPAN, 1, "vendor=1"), CONTEXT);
        assertTrue(CONTEXT.isSampled());
        assertEquals(PARENT, CONTEXT.traceparent());
        assertFalse(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-00", null).orElseThrow().isSampled());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
            "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x"
    })
    void whatTheRecommendationForbidsIsNoContext(String traceparent) {
        assertEquals(Optional.empty(), TraceContext.parse(traceparent, null));
    }

    @Test
    void laterVersionIsReadAsFarAsItIsKnown() {
        assertEquals(
                PARENT,
                TraceContext.parse("42-" + TRACE + "-" + SPAN + "-01-what-comes", null).orElseThrow().traceparent());
    }

    @Test
    void stateThatMustNotBePassedOnIsLeftOutAndTheTraceIsKept() {
        for (String state : List.of("v=" + "x".repeat(600), "v=1\u0007", "v=\u00e9")) {
            assertEquals(
                    "", TraceContext.parse(PARENT, state).orElseThrow().state());
        }
    }

    @Test
    void partsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new TraceContext("x", SPAN, 0, ""));
        assertThrows(IllegalArgumentException.class, () -> new TraceContext(TRACE, "0000000000000000", 0, ""));
        assertThrows(IllegalArgumentException.class, () -> new TraceContext(TRACE, SPAN, 256, ""));
        assertThrows(IllegalArgumentException.class, () -> new TraceContext(TRACE, SPAN, 0, "a\r\nb"));
    }

    @Test
    void newSpanIsOfTheSameTrace() {
        TraceContext next = CONTEXT.next();
        assertEquals(TRACE, next.traceId());
        assertNotEquals(SPAN, next.spanId());
        assertEquals("vendor=1", next.state());
        assertNotEquals(TraceContext.begin(true).traceId(), TraceContext.begin(true).traceId());
        assertTrue(TraceContext.begin(true).isSampled());
        assertFalse(TraceContext.begin(false).isSampled());
    }

    @Test
    void itGoesAlongWithTasksOffloadsCallbacksAndWorkers() throws Exception {
        assertEquals(Optional.empty(), TraceContext.current());
        run(() -> {
            try (var workers = WorkerPool.of(1)) {
                CONTEXT.call(() -> {
                    var called = new Promise<Optional<TraceContext>>();
                    Heddle.currentLoop().callSoon(() -> called.complete(TraceContext.current()));
                    List<Optional<TraceContext>> seen = gather(
                            TraceContext::current,
                            () -> offload(TraceContext::current),
                            called::join,
                            () -> workers.call(TraceContext::current));
                    seen.forEach(each -> assertEquals(Optional.of(CONTEXT), each));
                    return null;
                });
            }
            assertEquals(Optional.empty(), TraceContext.current());
        });
    }
}
