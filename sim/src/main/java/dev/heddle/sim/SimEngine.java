package dev.heddle.sim;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine of a simulated loop. Whenever all tasks wait, its clock jumps to what happens next; there is no other way for
 * its time to pass.
 *
 * <p>Each use of randomness has a stream of its own, so that a change of link options does not change the order of tasks.
 */
final class SimEngine implements Engine {

    private final Sim sim;
    private final World world;
    private final SimNetwork network;
    private final SimRandom order;
    private final SimRandom numbers;
    private final Idle idle = new Idle();
    private final Limits limits;
    private final RealWait realWait;
    private final List<String> leftovers = new ArrayList<>();

    SimEngine(Sim sim, SimOptions options, SimRandom root) {
        this.sim = sim;
        order = root.split();
        numbers = root.split();
        world = new World(new VirtualClock(options.clockOriginNanos(), options.start()), root.split());
        network = new SimNetwork(world, options.link(), options.faults());
        limits = new Limits(options);
        realWait = new RealWait(options.maxRealWait());
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public long nanoTime() {
        return world.clock.nanoTime();
    }

    @Override
    public Instant now() {
        return world.clock.now();
    }

    @Override
    public long random() {
        return numbers.nextLong();
    }

    @Override
    public int pick(int ready) {
        return order.below(ready);
    }

    @Override
    public void trace(long id) {
        world.trace.task(id);
    }

    @Override
    public boolean isSimulated() {
        return true;
    }

    @Override
    public boolean poll(long timeoutNanos, boolean external) {
        if (!limits.allowsSteps(world.trace.steps())) {
            sim.cancel("the simulation takes too many steps");
        }
        boolean woken = realWait.takeWake();
        if (world.events.runDue(world.clock.elapsedNanos()) || woken || timeoutNanos <= 0) {
            return true;
        }
        if (external) {
            return awaitOutside();
        }
        return idle.release() || jump(timeoutNanos);
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
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        return network.listen(local, options);
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

    World world() {
        return world;
    }

    SimNetwork network() {
        return network;
    }

    Idle idle() {
        return idle;
    }

    Limits limits() {
        return limits;
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
        long next = world.events.nextNanos();
        if (timeoutNanos != Long.MAX_VALUE) {
            next = Math.min(next, world.clock.after(timeoutNanos));
        }
        if (next == EventQueue.NEVER || !limits.allowsTime(next)) {
            return false;
        }
        world.clock.moveTo(next);
        world.trace.jump(next);
        world.events.runDue(next);
        return true;
    }
}
