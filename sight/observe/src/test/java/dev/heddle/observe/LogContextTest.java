package dev.heddle.observe;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.WorkerPool;
import dev.heddle.internal.RequestScope;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.trace.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines of a log show the task and the trace that they come from, and no other's. */
final class LogContextTest {

    private static final TraceContext TRACE = TraceContext
            .parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null).orElseThrow();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger log = Logger.getLogger("shop");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(getFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setFormatter(new TaskFormatter());
        log.setUseParentHandlers(false);
        log.addHandler(handler);
    }

    @AfterEach
    void leave() {
        log.removeHandler(handler);
        log.setUseParentHandlers(true);
    }

    /** The task that the calling code works for. */
    private static String task() {
        return LogContext.current().getOrDefault(LogContext.TASK, "none");
    }

    @Test
    void outsideOfTasksAndTracesALineIsAsItWas() {
        log.info("plain {0}");
        assertEquals(List.of("plain {0}"), lines);
        assertEquals(Map.of(), LogContext.current());
    }

    @Test
    void tasksThatTakeTurnsNeverShowEachOthersName() {
        Sim.run(SimOptions.DEFAULT, _ -> Heddle.group(group -> {
            for (int i = 0; i < 10; i++) {
                String name = "baker " + i;
                group.spawn(name, () -> TraceContext.begin(true).run(() -> {
                    String trace = TraceContext.current().orElseThrow().traceId();
                    for (int turn = 0; turn < 5; turn++) {
                        Heddle.sleep(Duration.ofMillis(turn));
                        log.info(name + " of " + trace);
                    }
                }));
            }
        }));
        assertEquals(50, lines.size());
        for (String line : lines) {
            assertTrue(line.matches("\\[\\S+/\\d+ (baker \\d), trace (\\w{32})] \\1 of \\2"), line);
        }
    }

    @Test
    void whatATaskGivesToThreadsShowsThatTask() {
        Heddle.run(() -> {
            try (WorkerPool workers = WorkerPool.of(2)) {
                Task<?> fetching = spawn("fetch prices", () -> TRACE.run(() -> {
                    String mine = task();
                    assertTrue(mine.endsWith(" fetch prices"), mine);
                    assertEquals(mine, offload(LogContextTest::task));
                    assertEquals(mine, workers.call(LogContextTest::task));
                    assertEquals(mine, offload(() -> workers.submit(() -> task()).get()));
                    assertEquals(mine, workers.call(() -> {
                        Future<String> inner = workers.submit(() -> task());
                        return inner.get() + " " + task();
                    }).substring(mine.length() + 1));
                    assertEquals(TRACE.traceId(), workers.call(() -> LogContext.current().get(LogContext.TRACE)));
                    assertEquals(TRACE.spanId(), offload(() -> LogContext.current().get(LogContext.SPAN)));
                    assertTrue(spawn("other", LogContextTest::task).join().endsWith(" other"));
                }));
                fetching.join();
                assertTrue(!workers.call(LogContextTest::task).contains("fetch"));
            }
        });
    }

    @Test
    void requestIsNamedWhereItHasAnId() {
        ScopedValue.where(RequestScope.CURRENT, "7f3a").run(() -> log.info("no task"));
        Heddle.run(() -> {
            try (WorkerPool workers = WorkerPool.of(1)) {
                ScopedValue.where(RequestScope.CURRENT, "7f3a").run(() -> TRACE.run(() -> {
                    spawn("pay", () -> log.info("paid")).join();
                    assertEquals("7f3a", workers.call(() -> LogContext.current().get(LogContext.REQUEST)));
                    assertEquals("7f3a", offload(() -> LogContext.current().get(LogContext.REQUEST)));
                }));
                assertEquals("none", workers.call(() -> LogContext.current().getOrDefault(LogContext.REQUEST, "none")));
            }
        });
        assertEquals("[request 7f3a] no task", lines.get(0));
        assertTrue(lines.get(1).endsWith(" pay, trace " + TRACE.traceId() + ", request 7f3a] paid"), lines::toString);
    }

    @Test
    void threadOfAPoolForgetsTheTaskWhoseBodyIsDone() throws Exception {
        List<String> seen = new ArrayList<>();
        try (WorkerPool workers = WorkerPool.of(1)) {
            Heddle.run(() -> seen.add(workers.call(LogContextTest::task)));
            seen.add(workers.submit(() -> task()).get());
        }
        assertTrue(seen.get(0).contains("/"), seen::toString);
        assertEquals("none", seen.get(1));
    }

    @Test
    void nameStaysOnItsLine() {
        Heddle.run(() -> spawn("two\nlines\u001b[31m", () -> log.log(Level.INFO, "told")).join());
        assertTrue(lines.getFirst().endsWith(" two?lines?[31m] told"), lines::toString);
    }
}
