package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Config;
import dev.heddle.Instrument;
import dev.heddle.Loop;
import dev.heddle.LoopLocal;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import dev.heddle.trace.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on context. */
final class ContextTest {

    private record Defaults(int pageSize) {
        static Defaults read() {
            return new Defaults(20);
        }
    }

    private static final ScopedValue<Defaults> SETTINGS = ScopedValue.newInstance();
    private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();
    private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private void handle(String user) {
        ScopedValue.where(USER, user).run(() -> gather(() -> readCart(), () -> readOffers()));
    }

    private void readCart() {
        sleep(Duration.ofSeconds(1));
        IO.println("the cart of " + USER.get());
    }

    private void readOffers() {
        sleep(Duration.ofSeconds(2));
        IO.println("offers for " + USER.get());
    }

    @Test
    void requestsSideBySideDoNotMix() {
        List<String> lines = Output.of(() -> Sim.run(() -> gather(() -> handle("Ada"), () -> handle("Bob"))));
        assertEquals(
                List.of("offers for Ada", "offers for Bob", "the cart of Ada", "the cart of Bob"),
                lines.stream().sorted().toList());
    }

    private static void pay(String order) {
        String trace = TraceContext.current().map(TraceContext::traceId).orElse("none");
        IO.println("trace " + trace + ": paid " + order);
    }

    @Test
    void whatARequestCausesKnowsItsTrace() throws Exception {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try (TestClient client = TestClient.of(Routes.create().post("/pay", request -> {
                spawn(() -> pay("tea")).join();
                return Response.text("paid");
            }))) {
                client.request("POST", "/pay").send().close();
                client.request("POST", "/pay").header("traceparent", parent).send().close();
            }
        }));
        assertEquals(
                List.of("trace none: paid tea", "trace 0af7651916cd43dd8448eb211c80319c: paid tea"), lines);
    }

    /** What the code sees that looks. */
    private record Seen(String user, String inherited, String local) {
        static Seen now() {
            return new Seen(
                    USER.orElse("nobody"),
                    String.valueOf(INHERITABLE.get()),
                    String.valueOf(LOCAL.get()));
        }
    }

    @Test
    void whatIsStartedSeesWhatTheTableSays() {
        run(() -> {
            INHERITABLE.set("inherited");
            LOCAL.set("local");
            Promise<Seen> inCallback = new Promise<>();
            Promise<Seen> inThread = new Promise<>();
            ScopedValue.where(USER, "Ada").run(() -> {
                assertEquals(new Seen("Ada", "inherited", "null"), spawn(() -> Seen.now()).join());
                assertEquals(new Seen("Ada", "inherited", "null"), offload(() -> Seen.now()));
                currentLoop().callSoon(() -> inCallback.complete(Seen.now()));
                Thread.ofPlatform().start(() -> inThread.complete(Seen.now()));
            });
            assertEquals(new Seen("Ada", "null", "null"), inCallback.join());
            assertEquals(new Seen("nobody", "inherited", "null"), inThread.join());
        });
        assertNull(INHERITABLE.get());
    }

    @Test
    void whatIsBoundAroundTheRunIsSeenByAll() {
        List<String> lines = Output.of(() -> {
            ScopedValue.where(SETTINGS, Defaults.read())
                    .run(() -> run(() -> IO.println("page size " + SETTINGS.get().pageSize())));
        });
        assertEquals(List.of("page size 20"), lines);
    }

    private static final LoopLocal<Map<String, String>> TITLES = LoopLocal.withInitial(HashMap::new);

    private static String title(String page) {
        return TITLES.get().computeIfAbsent(page, each -> read(each));      // shared by the tasks of this loop
    }

    private static String read(String page) {
        return "title of " + page + " on " + currentLoop().name();
    }

    @Test
    void eachLoopHasItsOwnValue() {
        run(Config.DEFAULT.withLoops(2), () -> {
            String here = title("a");
            assertEquals(here, spawn(() -> title("a")).join());
            Loop other = currentLoop().siblings().get(1);
            assertEquals("title of a on " + other.name(), other.spawn(() -> title("a")).join());
        });
    }

    @Test
    void tasksOfALoopCanBeListed() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            spawn("reader", () -> sleep(Duration.ofSeconds(1)));
            Sim.current().awaitIdle();
            for (Task<?> task : currentLoop().allTasks()) {
                String owner = task.parent().map(Task::name).orElse("the loop");
                IO.println(task.name() + " of " + owner + ": " + task.waitingFor().orElse("running"));
            }
        }));
        assertEquals(List.of("main of the loop: running", "reader of main: sleeping 1 s"), lines);
    }

    private static final class Journal implements Instrument {
        final List<String> lines = new ArrayList<>();
        private int turns;

        @Override
        public void spawned(Task<?> task) {
            lines.add(task.name() + " spawned");
        }

        @Override
        public void resumed(Task<?> task) {
            turns++;
        }

        @Override
        public void ended(Task<?> task) {
            lines.add(task.name() + " " + task.state() + " at turn " + turns);
        }
    }

    @Test
    void instrumentSeesWhatTheTasksDo() {
        Journal journal = new Journal();
        run(Config.DEFAULT.withInstrument(journal), () -> spawn("reader", () -> sleep(Duration.ofMillis(1))).join());
        assertEquals(
                List.of(
                        "main spawned",
                        "reader spawned",
                        "reader SUCCEEDED at turn 3",
                        "main SUCCEEDED at turn 4"),
                journal.lines);
    }
}
