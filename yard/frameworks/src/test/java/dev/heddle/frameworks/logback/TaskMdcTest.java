package dev.heddle.frameworks.logback;

import static dev.heddle.Heddle.offload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.heddle.Heddle;
import dev.heddle.WorkerPool;
import dev.heddle.trace.TraceContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Lines of Logback show the task and the trace that they come from, also behind an appender with a thread of its own. */
final class TaskMdcTest {

    private static final TraceContext TRACE = TraceContext
            .parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null).orElseThrow();

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger log = context.getLogger("shop");
    private final TaskMdc filter = new TaskMdc();
    private final PatternLayout layout = new PatternLayout();
    private final AsyncAppender queue = new AsyncAppender();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(layout.doLayout(event));
        }
    };

    @BeforeEach
    void listen() {
        layout.setContext(context);
        layout.setPattern("%X{task}|%X{trace_id}|%X{user}|%msg");
        layout.start();
        appender.setContext(context);
        appender.start();
        queue.setContext(context);
        queue.addAppender(appender);
        queue.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(queue);
        context.addTurboFilter(filter);
    }

    @AfterEach
    void leave() {
        context.getTurboFilterList().remove(filter);
        log.detachAppender(queue);
        log.setAdditive(true);
        queue.stop();
    }

    /** All lines, when the appender's thread has written them. */
    private List<String> written() {
        queue.stop();
        return lines;
    }

    @Test
    void tasksOfOneLoopThatTakeTurnsShowTheirOwn() {
        Heddle.run(() -> Heddle.group(group -> {
            for (int i = 0; i < 10; i++) {
                String name = "baker " + i;
                group.spawn(name, () -> TraceContext.begin(true).run(() -> {
                    MDC.put("user", name);
                    for (int turn = 0; turn < 5; turn++) {
                        Heddle.checkpoint();
                        log.info(name + "|" + TraceContext.current().orElseThrow().traceId());
                        log.debug("not written");
                    }
                }));
            }
        }));
        assertEquals(50, written().size());
        for (String line : lines) {
            assertTrue(line.matches("loop/\\d+ (baker \\d)\\|(\\w{32})\\|\\1\\|\\1\\|\\2"), line);
        }
    }

    @Test
    void whatATaskGivesToThreadsShowsThatTaskAndThenNothing() {
        Heddle.run(() -> {
            try (WorkerPool workers = WorkerPool.of(1)) {
                Heddle.spawn("fetch", () -> TRACE.run(() -> {
                    log.info("task");
                    offload(() -> log.info("offloaded"));
                    workers.call(() -> log.info("worker"));
                    Heddle.spawn("inner", () -> log.info("inner")).join();
                })).join();
                workers.call(() -> log.info("main"));
            }
        });
        log.info("outside");
        List<String> all = written().stream().map(line -> line.replaceFirst("/\\d+", "")).toList();
        String trace = TRACE.traceId();
        assertEquals(List.of(
                "loop fetch|" + trace + "||task",
                "loop fetch|" + trace + "||offloaded",
                "loop fetch|" + trace + "||worker",
                "loop inner|" + trace + "||inner",
                "loop|||main",
                "|||outside"), all.stream().map(line -> line.replace("loop main", "loop")).toList());
    }
}
