package dev.heddle.observe.internal;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Mutex;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import restaurant.Chain;

/** Each link of a chain of waits has a line with its number, its thing, its holders, and where it is in the code. */
final class WaitsViewTest {

    private static final String LINE = "\"at\":\"restaurant\\.Chain\\.[^\"]*\\(Chain\\.java:\\d+\\)\"";

    private static String lineOf(List<String> lines, String who) {
        return lines.stream()
                .filter(line -> line.contains("\"who\":\"task " + who + " "))
                .findAny()
                .orElseThrow(() -> new AssertionError(who + " is not in " + lines));
    }

    private static String field(String line, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":(\\[[^]]*]|\"[^\"]*\"|[^,}]+)").matcher(line);
        assertTrue(matcher.find(), () -> "no " + name + " in " + line);
        return matcher.group(1);
    }

    private static void endAll(Task<?>... tasks) {
        for (Task<?> task : tasks) {
            task.cancel();
        }
    }

    private static void assertChain(List<String> seen) {
        String guest = lineOf(seen, "guest");
        String cook = lineOf(seen, "cook");
        String waiter = lineOf(seen, "waiter");
        assertEquals("\"acquiring mutex kitchen\"", field(guest, "what"));
        assertEquals("[" + field(cook, "node") + "]", field(guest, "holders"));
        assertEquals("\"lock\"", field(guest, "whatKind"));
        assertEquals("\"sending to a channel of 1\"", field(cook, "what"));
        assertEquals("[" + field(waiter, "node") + "]", field(cook, "likely"));
        assertFalse(cook.contains("\"holders\""), cook);
        assertTrue(field(waiter, "what").contains("sleeping"), waiter);
        for (String line : List.of(guest, cook, waiter)) {
            assertTrue(Pattern.compile(LINE).matcher(line).find(), line);
            assertTrue(line.contains("\"spawned\":\"") || line.contains("\"task\":1,"), line);
        }
    }

    @Test
    void chainOverAMutexAndAChannelIsNamedLinkByLink() {
        List<String> seen = Sim.run(() -> {
            var chain = new Chain();
            Task<Void> waiter = spawn("waiter", chain.waiter());
            Task<Void> cook = spawn("cook", chain.cook());
            sleep(ofSeconds(1));
            Task<Void> guest = spawn("guest", chain.guest());
            sleep(ofSeconds(2));
            List<String> lines = Asked.of(new WaitsView(), "waits");
            endAll(guest, cook, waiter);
            return lines;
        });
        assertChain(seen);
        assertEquals("2000", field(lineOf(seen, "guest"), "waited"));
        assertEquals("3000", field(lineOf(seen, "cook"), "waited"));
    }

    @Test
    void chainGoesOnOnAnotherLoop() {
        var chain = new Chain();
        var seen = new AtomicReference<List<String>>(List.of());
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Task<Void> waiter = currentLoop().siblings().get(1).spawn("waiter", chain.waiter());
            Task<Void> cook = spawn("cook", chain.cook());
            Task<Void> guest = spawn("guest", chain.guest());
            while (seen.get().stream().filter(line -> line.contains("Chain.java")).count() < 3) {
                checkpoint();
                seen.set(Asked.of(new WaitsView(), "waits"));
            }
            endAll(guest, cook, waiter);
        });
        assertChain(seen.get());
        assertEquals("\"loop-1\"", field(lineOf(seen.get(), "waiter"), "loop"));
        assertEquals("\"loop-0\"", field(lineOf(seen.get(), "cook"), "loop"));
    }

    @Test
    void waitThatNobodyWhoIsKnownCanEndAnyMoreIsOrphaned() {
        List<String> seen = Sim.run(() -> {
            Channel<Integer> channel = Channel.of(1);
            spawn("reader", channel::receive);
            Task<Void> writer = spawn("writer", () -> {
                channel.send(1);
                channel.send(2);
                channel.send(3);
            });
            sleep(ofSeconds(1));
            Task<Void> limited = spawn("limited", () -> Heddle.timeout(ofDays(1), () -> channel.send(4)));
            sleep(ofSeconds(1));
            List<String> lines = Asked.of(new WaitsView(), "waits");
            endAll(writer, limited);
            return lines;
        });
        assertTrue(lineOf(seen, "writer").contains("\"orphaned\":true"), seen::toString);
        assertFalse(lineOf(seen, "limited").contains("orphaned"), seen::toString);
        assertTrue(seen.toString().contains("\"state\":\"ended\""), seen::toString);
    }

    @Test
    void cyclesHaveNumbers() {
        List<String> seen = Sim.run(() -> {
            Mutex noodles = Mutex.create();
            Mutex fork = Mutex.create();
            Task<Void> ann = spawn("ann", () -> noodles.run(() -> {
                sleep(ofSeconds(1));
                fork.acquire();
            }));
            Task<Void> bob = spawn("bob", () -> fork.run(() -> {
                sleep(ofSeconds(1));
                noodles.acquire();
            }));
            sleep(ofSeconds(3));
            List<String> lines = Asked.of(new WaitsView(), "waits");
            endAll(ann, bob);
            return lines;
        });
        assertEquals("1", field(lineOf(seen, "ann"), "cycle"));
        assertEquals("1", field(lineOf(seen, "bob"), "cycle"));
    }

    @Test
    void whatNobodyHoldsIsCountedAndListedOnlyWhereAsked() {
        List<List<String>> seen = Sim.run(() -> {
            Task<Void> sleeper = spawn("sleeper", () -> sleep(ofDays(1)));
            Task<Void> other = spawn("other", () -> sleep(ofDays(1)));
            sleep(ofSeconds(1));
            List<List<String>> lines = List.of(
                    Asked.of(new WaitsView(), "waits"),
                    Asked.of(new WaitsView(), "waits all=1"),
                    Asked.of(new WaitsView(), "waits all=1 max=1 stacks=1"));
            endAll(sleeper, other);
            return lines;
        });
        assertFalse(seen.getFirst().toString().contains("sleeper"), seen::toString);
        assertEquals("2", field(seen.getFirst().getLast(), "plain"));
        assertTrue(lineOf(seen.get(1), "sleeper").contains("sleeping"), seen::toString);
        assertEquals("0", field(seen.get(1).getLast(), "plain"));
        assertTrue(Long.parseLong(field(seen.get(2).getLast(), "leftOut")) >= 1, seen::toString);
        assertTrue(seen.get(2).getFirst().contains("\"stack\":[\""), seen::toString);
    }
}
