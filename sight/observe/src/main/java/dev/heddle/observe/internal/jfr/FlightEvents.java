package dev.heddle.observe.internal.jfr;

import dev.heddle.Loop;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.observe.internal.metrics.EventHub;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * The part of this process that JDK Flight Recorder sees. While a recording runs, it hears what happens and watches the
 * loops; else JFR knows of a listener and that is all.
 *
 * <p>Threads: those of JFR, one at a time by the monitor.
 */
public final class FlightEvents {

    private static final List<Class<? extends Event>> TYPES = List.of(
            CancelEvent.class, ClientRequestEvent.class, ConnectEvent.class, ConnectionEvent.class,
            LoopDelayEvent.class, ServerRequestEvent.class, TaskRunEvent.class, TaskWaitEvent.class,
            TlsHandshakeEvent.class, WorkerProcessEvent.class);

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private final EventTeller teller = new EventTeller();

    /** Takes the watch off again, by loops; empty while nobody records. */
    private final Map<Loop, Runnable> watched = new HashMap<>();

    private final Set<Recording> running = new HashSet<>();

    private boolean recording;

    private FlightEvents() {}

    /** Begins to listen to JFR. Does nothing the second time. */
    public static void begin() {
        if (BEGUN.getAndSet(true)) {
            return;
        }
        var events = new FlightEvents();
        FlightRecorder.addListener(new FlightRecorderListener() {
            @Override
            public void recorderInitialized(FlightRecorder recorder) {
                TYPES.forEach(FlightRecorder::register);
                FlightRecorder.addPeriodicEvent(LoopDelayEvent.class, events::tryLoops);
            }

            @Override
            public void recordingStateChanged(Recording recording) {
                events.look(recording);
            }
        });
        // Not by the listener, which is told of a JFR that is there already while JFR holds its lock of listeners. Who ends
        // a recording wants that, and holds the one that is needed here.
        if (FlightRecorder.isInitialized()) {
            FlightRecorder.getFlightRecorder().getRecordings().forEach(events::look);
        }
    }

    /** Asks without the monitor, since JFR may hold its own lock as it tells of a change; and again, for a change meanwhile. */
    private void look(Recording changed) {
        RecordingState state;
        do {
            state = changed.getState();
            note(changed, state == RecordingState.RUNNING);
        } while (changed.getState() != state);
    }

    private synchronized void note(Recording changed, boolean runs) {
        if (runs) {
            running.add(changed);
        } else {
            running.remove(changed);
        }
        boolean now = !running.isEmpty();
        if (now != recording) {
            recording = now;
            EventHub.record(now ? new HeardEvents(this::loopBegins, teller) : null);
        }
        watchLoops();
    }

    private static boolean isEnabled(Class<? extends Event> type) {
        return EventType.getEventType(type).isEnabled();
    }

    private synchronized void watchLoops() {
        List<Loop> loops = isWatching() ? liveLoops() : List.of();
        watched.entrySet().removeIf(each -> {
            boolean over = !loops.contains(each.getKey());
            if (over) {
                each.getValue().run();
            }
            return over;
        });
        loops.forEach(this::watch);
    }

    private boolean isWatching() {
        return recording && (isEnabled(TaskRunEvent.class) || isEnabled(TaskWaitEvent.class));
    }

    private synchronized void loopBegins(Loop loop) {
        if (isWatching()) {
            watch(loop);
        }
    }

    private void watch(Loop loop) {
        watched.computeIfAbsent(loop, each -> Kernel.get().watch(each, new TaskEvents(each.name(), teller)));
    }

    private static List<Loop> liveLoops() {
        List<Loop> all = Kernel.hasBegun() ? Kernel.get().loops() : List.of();
        return all.stream().filter(loop -> !loop.engine().isSimulated()).toList();
    }

    /** In each period: forgets loops that have ended, and leaves a callback on each, which tells how late it is. */
    private void tryLoops() {
        watchLoops();
        liveLoops().forEach(FlightEvents::tryLoop);
    }

    private static void tryLoop(Loop loop) {
        var event = new LoopDelayEvent();
        event.begin();
        try {
            loop.callFromThread(() -> {
                event.end();
                if (event.shouldCommit()) {
                    event.loop = loop.name();
                    event.commit();
                }
            });
        } catch (IllegalStateException e) {
            // The loop has ended meanwhile.
        }
    }

    @Override
    public synchronized String toString() {
        return "FlightEvents[" + (recording ? "recording " + watched.size() + " loops" : "at rest") + "]";
    }
}
