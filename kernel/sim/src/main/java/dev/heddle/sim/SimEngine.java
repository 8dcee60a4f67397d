package dev.heddle.sim;

import dev.heddle.Instrument;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.SimulatedEngine;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a simulated loop. Whenever all tasks wait, its clock jumps to what happens next; there is no other way
 * for its time to pass.
 *
 * <p>Each use of randomness has a stream of its own, so that a change of link options does not change the order of
 * tasks.
 */
final class SimEngine implements SimulatedEngine, DatagramEngine {

    private final Sim sim;
    private final SimContext context;
    private final SimNetwork network;
    private final Chooser order;
    private final SimRandom numbers;
    /** Who waits until nothing can run unless time passes. */
    private final ParkingLot idle = new ParkingLot("waiting until all other tasks wait");

    private final RunLimits limits;
    private final RealWait realWait;
    private final RealTimeWaits realTimeWaits;
    private final Stalls stalls;
    private final ClockJumps clockJumps;
    private final List<String> leftovers = new ArrayList<>();

    /** @param scripted the order to keep; null for one drawn from the seed */
    SimEngine(Sim sim, SimOptions options, SimRandom root, @Nullable Chooser scripted) {
        this.sim = sim;
        SimRandom drawn = root.split();
        order = scripted == null ? (ready, ran) -> drawn.below(ready) : scripted;
        numbers = root.split();
        var clock = new VirtualClock(options.clockOriginNanos(), options.start());
        context = new SimContext(clock, root.split(), options.faults());
        stalls = new Stalls(context, root.split());
        clockJumps = new ClockJumps(context, root.split());
        network = new SimNetwork(context, options.link(), stalls);
        limits = new RunLimits(options);
        realWait = new RealWait(options.maxRealWait());
        realTimeWaits = new RealTimeWaits(options.realTimeWaits());
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public long nanoTime() {
        return context.clock.nanoTime();
    }

    @Override
    public Instant now() {
        return context.clock.now().plus(SimHost.current(network).wallShift());
    }

    @Override
    public long random() {
        return numbers.nextLong();
    }

    @Override
    public int pick(int ready) {
        return order.pick(ready, context.trace.ran());
    }

    @Override
    public void trace(long id) {
        context.trace.task(id);
    }

    @Override
    public boolean keepsBack(long id, Runnable resume) {
        return stalls.keepsBack(id, resume);
    }

    @Override
    public Runnable timer(Runnable callback) {
        SimHost host = SimHost.told(network);
        return host == null ? callback : host.timer(callback);
    }

    @Override
    public boolean refusesRealTime(String who, StackTraceElement[] stack) {
        boolean refuses = realTimeWaits.refuses(who, stack);
        if (refuses) {
            sim.cancel("a task waits in real time");
        }
        return refuses;
    }

    @Override
    public boolean awaitOthers(boolean unknown) {
        return (unknown || realWait.knowsOthers()) && realWait.awaitMoment();
    }

    @Override
    public boolean poll(long timeoutNanos, boolean external) {
        if (!limits.allowsSteps(context.trace.steps())) {
            sim.cancel("the simulation takes too many steps");
        }
        boolean woken = realWait.takeWake();
        if (context.events.runDue(context.clock.elapsedNanos()) || woken || timeoutNanos <= 0) {
            return true;
        }
        if (external) {
            return awaitOutside();
        }
        return idle.unparkAll() > 0 || jump(timeoutNanos);
    }

    @Override
    public void wake() {
        realWait.wake();
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        return network.connect(remote);
    }

    @Override
    public Transport connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
        return network.connect(remote, local);
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        return network.listen(local, options);
    }

    @Override
    public Datagrams datagrams(InetSocketAddress local, DatagramOptions options) throws IOException {
        return network.datagrams(local, options);
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        return network.resolve(host);
    }

    @Override
    public void close() {
        for (SimAcceptor each : network.listeners()) {
            leftovers.add("listener " + each);
            each.close();
        }
        for (SimDatagrams each : network.datagramSockets()) {
            leftovers.add(each.toString());
            each.close();
        }
        for (SimTransport each : network.connections().unclosed()) {
            leftovers.add("stream " + each);
            each.abort();
        }
    }

    /** What users had not closed when the engine was. */
    List<String> leftovers() {
        return leftovers;
    }

    Sim sim() {
        return sim;
    }

    SimContext context() {
        return context;
    }

    SimNetwork network() {
        return network;
    }

    ParkingLot idle() {
        return idle;
    }

    RunLimits limits() {
        return limits;
    }

    Stalls stalls() {
        return stalls;
    }

    /** Sees which host each task is of: the one that spawns it runs on. */
    Instrument instrument() {
        return new Instrument() {
            @Override
            public void spawned(Task<?> task) {
                SimHost host = SimHost.told(network);
                if (host != null) {
                    host.begins(task);
                }
            }

            @Override
            public void ended(Task<?> task) {
                SimHost host = stalls.ended(task.id());
                if (host != null) {
                    host.ends(task);
                }
            }
        };
    }

    /** Why the run has failed though its body may not have, or null. */
    @Nullable IllegalStateException refused() {
        return realTimeWaits.refused();
    }

    /** Lets time pass. */
    void moveTo(long nanos) {
        context.clock.moveTo(nanos);
        context.trace.jump(context.clock.elapsedNanos());
        clockJumps.timePassed();
    }

    private boolean awaitOutside() {
        if (realWait.await()) {
            return true;
        }
        limits.realWaitTooLong();
        return false;
    }

    /** Lets time pass until something happens; false if nothing ever will. */
    private boolean jump(long timeoutNanos) {
        long next = context.events.nextNanos();
        if (timeoutNanos != Long.MAX_VALUE) {
            next = Math.min(next, context.clock.after(timeoutNanos));
        }
        if (next == EventQueue.NEVER || !limits.allowsTime(next)) {
            return false;
        }
        moveTo(next);
        context.events.runDue(next);
        return true;
    }
}
