package dev.heddle.cli.sight.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.sight.leaks.LeakSearch.Leaks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heap dumps made by hand: good ones of both sizes of references, and all kinds of bad ones. */
class HandMadeDumpTest {

    private static final long PARKED = 4;

    /** Of the facts of a scope. */
    private static final long EXPIRED = 1;

    /** A program with a loop's worth of classes. */
    private static final class Model {
        final HprofBytes bytes;
        final long object;
        final long scope;
        final long group;
        final long task;
        final long fiber;
        final long waiter;
        final long virtual;
        final long platform;
        final long channel;
        final long loop;
        final long tasks;
        final long owner;
        private long number;

        Model(int idBytes) {
            bytes = new HprofBytes(idBytes);
            object = bytes.type("java.lang.Object", 0);
            long thread = bytes.type("java.lang.Thread", object, "J tid", "L parkBlocker", "L holder");
            long base = bytes.type("java.lang.BaseVirtualThread", thread);
            virtual = bytes.type("java.lang.VirtualThread", base, "I state", "Z parkPermit", "L scheduler");
            platform = bytes.type("shop.Worker", thread);
            scope = bytes.type("dev.heddle.CancelScope", object, "L task", "L parent", "Z shield",
                    "L cancel", "L deadline", "B facts");
            group = bytes.type("dev.heddle.TaskGroup", object, "L serviceOf", "L loop");
            task = bytes.type("dev.heddle.Task", object, "L owner", "L scope", "L waiting", "L fiber");
            fiber = bytes.type("dev.heddle.Fiber", object, "L thread", "L task");
            waiter = bytes.type("dev.heddle.Waiter", object, "I state", "L thread", "L waitingFor");
            channel = bytes.type("shop.Channel", object, "L waiter", "L next");
            tasks = bytes.newId();
            loop = bytes.object(bytes.type("dev.heddle.Loop", object, "L tasks"), Map.of("tasks", tasks));
            bytes.object(tasks, group, Map.of("loop", loop));
            bytes.root(loop);
            owner = bytes.object(group, Map.of());
        }

        /** The thread of the last task that was made to wait. */
        long lastThread;

        /** A task that waits for a channel, which its frame refers to as well; gives the channel. */
        long waiting(long tid, Map<String, Long> ofScope, long... more) {
            long ofTask = bytes.newId();
            long ofFiber = bytes.newId();
            long ofThread = bytes.newId();
            lastThread = ofThread;
            long ofWaiter = bytes.newId();
            long ofChannel = bytes.newId();
            long ofScopeId = bytes.newId();
            bytes.object(ofScopeId, scope, ofScope);
            bytes.object(ofTask, task,
                    Map.of("owner", owner, "scope", ofScopeId, "waiting", ofWaiter, "fiber", ofFiber));
            bytes.object(ofFiber, fiber, Map.of("thread", ofThread, "task", ofTask));
            bytes.object(ofThread, virtual, Map.of("tid", tid, "state", PARKED, "scheduler", ofFiber));
            bytes.object(ofWaiter, waiter, Map.of("thread", ofThread, "waitingFor", ofChannel));
            bytes.object(ofChannel, channel, Map.of("waiter", ofWaiter));
            long[] locals = Arrays.copyOf(more, more.length + 1);
            locals[more.length] = ofChannel;
            bytes.thread(ofThread, locals);
            return ofChannel;
        }

        long service(long served) {
            return bytes.object(task,
                    Map.of("owner", bytes.object(group, Map.of("serviceOf", served, "loop", loop))));
        }
    }

    private static Leaks search(Model model) throws IOException {
        return search(model.bytes.toBytes());
    }

    private static Leaks search(byte[] bytes) throws IOException {
        return LeakSearch.search(MemorySegment.ofArray(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void waitForWhatNobodyKnowsIsLeakedAndOthersAreNot(int idBytes) throws IOException {
        var model = new Model(idBytes);
        model.waiting(11, Map.of());
        model.bytes.root(model.waiting(12, Map.of()));
        model.bytes.type("shop.Shop", model.object, List.of(model.waiting(13, Map.of())));
        long worker = model.bytes.object(model.platform, Map.of("tid", 2L));
        model.bytes.thread(worker, model.bytes.array(model.object, 0, model.waiting(14, Map.of())));
        model.waiting(15, Map.of("deadline", model.bytes.object(model.object, Map.of())));
        model.bytes.bytes(1000);
        Leaks leaks = search(model);
        assertEquals(List.of(11L), leaks.threads());
        assertEquals(4, leaks.waiting());
    }

    @Test
    void whoCouldEndTheWaitOfOneThatMayGoOnIsReachedThroughIt() throws IOException {
        var model = new Model(8);
        long last = model.waiting(21, Map.of());
        long middle = model.waiting(22, Map.of(), last);
        long first = model.waiting(23, Map.of(), middle);
        assertEquals(List.of(21L, 22L, 23L), search(model).threads());
        model = new Model(8);
        last = model.waiting(21, Map.of());
        middle = model.waiting(22, Map.of(), last);
        first = model.waiting(23, Map.of(), middle);
        model.bytes.root(first);
        assertEquals(List.of(), search(model).threads());
    }

    @Test
    void twoThatCouldOnlyEndEachOthersWaitsAreBothLeaked() throws IOException {
        var model = new Model(8);
        long box = model.bytes.newId();
        long other = model.waiting(32, Map.of(), model.waiting(31, Map.of(), box));
        model.bytes.object(box, model.channel, Map.of("next", other));
        assertEquals(List.of(31L, 32L), search(model).threads());
    }

    @Test
    void waiterThatIsNotAwaitedDoesNotWakeItsMaker() throws IOException {
        var model = new Model(8);
        model.waiting(35, Map.of());
        model.bytes.root(model.bytes.object(model.waiter, Map.of("thread", model.lastThread)));
        assertEquals(List.of(35L), search(model).threads());
    }

    @Test
    void objectsThatNothingSeemsToLeadToAreAlive() throws IOException {
        var model = new Model(8);
        long waited = model.waiting(41, Map.of());
        model.bytes.object(model.channel, Map.of("next", waited));
        assertEquals(List.of(), search(model).threads());
    }

    @Test
    void deadlineCountsUpToAShield() throws IOException {
        var model = new Model(8);
        long timed = model.bytes.object(model.scope, Map.of("deadline", model.owner));
        model.waiting(51, Map.of("parent", timed));
        model.waiting(52, Map.of("parent", timed, "shield", 1L));
        model.waiting(53, Map.of("cancel", model.owner));
        model.waiting(54, Map.of("facts", EXPIRED));
        model.waiting(55, Map.of("facts", ~EXPIRED));
        assertEquals(List.of(52L, 55L), search(model).threads());
    }

    @Test
    void serviceIsEndedByItsGroupUnlessThatIsLeaked() throws IOException {
        var model = new Model(8);
        long alive = model.bytes.object(model.group, Map.of());
        model.bytes.root(alive);
        long leaked = model.bytes.object(model.group, Map.of());
        model.waiting(61, Map.of("task", model.service(alive)));
        model.waiting(62, Map.of("task", model.service(leaked)), leaked);
        model.waiting(63, Map.of("shield", 1L, "parent",
                model.bytes.object(model.scope, Map.of("task", model.service(alive)))));
        model.waiting(64, Map.of("task", model.service(model.tasks)));
        assertEquals(List.of(62L, 63L, 64L), search(model).threads());
    }

    @Test
    void dumpThatIsCutOffAnywhereIsRefused() throws IOException {
        var model = new Model(8);
        model.waiting(71, Map.of());
        byte[] whole = model.bytes.toBytes();
        assertEquals(List.of(71L), search(whole).threads());
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            IOException refused = assertThrows(IOException.class, () -> search(part), "of " + length);
            assertTrue(refused.getMessage().matches("this is no heap dump|the heap dump is (cut off|damaged.*)"),
                    refused::getMessage);
        }
    }

    @Test
    void foreignBytesAreRefusedOrReadButNeverMoreThanThat() throws IOException {
        var model = new Model(8);
        model.waiting(71, Map.of());
        byte[] whole = model.bytes.toBytes();
        var random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            byte[] damaged = whole.clone();
            for (int bytes = 1 + random.nextInt(4); bytes > 0; bytes--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                search(damaged);
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("heap"), e::getMessage);
            }
        }
    }

    @Test
    void dumpOfOtherVersionSaysWhatIsMissing() throws IOException {
        var bytes = new HprofBytes(8);
        long object = bytes.type("java.lang.Object", 0);
        bytes.object(bytes.type("dev.heddle.Task", object, "L other"), Map.of());
        IOException refused = assertThrows(IOException.class, () -> search(bytes.toBytes()));
        assertEquals("the heap has no dev.heddle.Task.fiber: the program has another version of Heddle or of the JDK "
                + "than this command", refused.getMessage());
    }
}
