package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static dev.heddle.sim.Checkpoints.assertCheckpoint;
import static dev.heddle.sim.Checkpoints.assertNoCheckpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.DeadlockException;
import dev.heddle.Instrument;
import dev.heddle.Loop;
import dev.heddle.Results;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskPool;
import dev.heddle.WaitReport;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.examples.Output;
import dev.heddle.generators.Coroutine;
import dev.heddle.generators.DuplexGenerator;
import dev.heddle.generators.Generator;
import dev.heddle.sim.Sequencer;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import java.awt.EventQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The lines for people who come from Python's generators, greenlets, executors and tools. */
final class ToolsFromPythonTest {

    private final List<String> logged = new ArrayList<>();
    private final List<String> items = List.of("a", "b", "c");

    private void log(String line) {
        logged.add(line);
    }

    private static String answer() {
        return "42";
    }

    private static String fetch(String item) {
        sleep(Duration.ofSeconds(1));
        return "page " + item;
    }

    private static Generator<Integer> numbers() {
        Generator<Integer> numbers = Generator.of(out -> {
            out.yield(1);
            out.yieldFrom(List.of(2, 3));
        });
        return numbers;
    }

    @Test
    void generators() {
        for (int number : numbers()) {
            log("number " + number);
        }
        assertEquals(List.of("number 1", "number 2", "number 3"), logged);
        try (Generator<Integer> some = numbers()) {
            assertEquals(1, some.next());
        }
        assertEquals(List.of(1, 2), numbers().stream().limit(2).toList());
    }

    @Test
    void generatorsThatAreSentValues() {
        DuplexGenerator<Integer, Integer, String> inner = DuplexGenerator.of(out -> "sent " + out.yield(1));
        DuplexGenerator<Integer, Integer, String> outer = DuplexGenerator.of(out -> {
            String sent = out.yieldFrom(inner);
            return sent;
        });
        assertEquals(1, outer.next());
        assertThrows(NoSuchElementException.class, () -> outer.send(10));
        assertEquals("sent 10", outer.result());
        assertEquals(DuplexGenerator.State.CLOSED, outer.state());
        DuplexGenerator<Integer, Integer, String> failing = DuplexGenerator.of(out -> "sent " + out.yield(1));
        failing.next();
        assertThrows(TaskFailedException.class, () -> failing.fail(new IOException("no more")));
        failing.close();
    }

    @Test
    void greenlets() {
        Coroutine<String> pong = Coroutine.of(first -> first + " pong");
        assertSame(Coroutine.current(), pong.parent().orElseThrow());
        assertEquals("ping pong", pong.switchTo("ping"));
        assertTrue(pong.isDead());
        assertThrows(TaskFailedException.class, () -> pong.fail(new IOException("no more")));
        Coroutine<String> child = Coroutine.of(Coroutine.current(), first -> first + " child");
        child.close();
        assertTrue(child.isDead());
    }

    @Test
    void executors() {
        Sim.run(() -> {
            WorkerPoolOptions options = WorkerPoolOptions.DEFAULT.withWorkers(4).withInitializer(() -> log("ready"));
            try (WorkerPool pool = WorkerPool.of(options)) {
                Future<String> later = pool.submit(() -> answer());
                assertEquals("42", later.get());
                assertEquals("42", pool.call(() -> answer()));
                try (Results<String, String> pages = pool.imap(items, 8, item -> fetch(item))) {
                    pages.forEach(page -> log(page));
                }
                assertEquals(List.of(), pool.shutdownNow());
            }
            assertEquals(List.of("page a", "page b", "page c"), logged);
        });
    }

    @Test
    void poolsOfGevent() {
        Sim.run(() -> group(g -> {
            TaskPool pool = g.pool(10);
            Task<String> task = pool.spawn(() -> answer());
            assertEquals("42", task.join());
            try (Results<String, String> pages = pool.imapUnordered(items, item -> fetch(item))) {
                pages.forEach(page -> log(page));
            }
            pool.awaitEmpty();
            assertEquals(0, pool.statistics().running());
            assertEquals(3, logged.size());
        }));
    }

    @Test
    void loopsAndThreads() {
        assertEquals("42", run(Config.DEFAULT.withDebug(true), () -> answer()));
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            assertEquals("42", loop.spawn(() -> answer()).join());
        }
        System.setProperty("java.awt.headless", "true");
        try (Loop loop = Loop.guest(Config.DEFAULT, EventQueue::invokeLater)) {
            assertEquals("42", loop.spawn(() -> answer()).join());
        }
        Config pinned = Config.DEFAULT.withLoops(2).withCpus(2, 3);
        assertEquals(2, pinned.loops());
    }

    private final class Counter implements Instrument {
        @Override
        public void ended(Task<?> task) {
            log(task.name() + " has ended");
        }
    }

    @Test
    void reports() {
        List<String> lines = Output.of(() -> run(() -> IO.println(offload(WaitReport::capture))));
        assertTrue(lines.getFirst().startsWith("0 cycles, "), lines.toString());
        Config config = Config.DEFAULT.withBlockedAfter(Duration.ofSeconds(5)).withInstrument(new Counter());
        run(config, () -> answer());
        assertEquals(List.of("main has ended"), logged);
    }

    @Test
    void testing() throws Exception {
        try {
            Sim.run(() -> Channel.of(1).receive());
        } catch (DeadlockException e) {
            log("nothing can happen");
        }
        Sim.run(() -> sleep(Duration.ofDays(1)));
        Sim.run(() -> {
            Sim.current().awaitIdle();
            assertCheckpoint(() -> sleep(Duration.ofSeconds(1)));
            assertNoCheckpoint(() -> log("no wait"));
            var order = new Sequencer();
            gather(
                    () -> order.turn(1, () -> log("second")),
                    () -> order.turn(0, () -> log("first")));
        });
        assertEquals(List.of("nothing can happen", "no wait", "first", "second"), logged);
    }
}
