package dev.heddle.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One direction between two hosts: when what is sent there arrives. */
final class SimLink {

    private final SimContext context;
    private final SimLinks links;
    private final SimRandom random;
    private final OutageWindows outages;
    private final Set<Held> held = new LinkedHashSet<>();
    private @Nullable LinkOptions own;
    private boolean blocked;
    private long freeAtNanos;
    private int queued;

    SimLink(SimContext context, SimLinks links) {
        this.context = context;
        this.links = links;
        random = context.random.split();
        outages = new OutageWindows(
                random.split(), () -> context.faults.outageEvery(), () -> context.faults.outageFor(),
                () -> context.tally.struck(FaultKind.OUTAGE));
    }

    LinkOptions options() {
        return own == null ? links.defaults() : own;
    }

    void use(LinkOptions options) {
        own = options;
    }

    /** Sends a segment that may be lost, doubled, reordered and slowed down by its size. */
    void send(int bytes, Packet packet) {
        LinkOptions options = options();
        long queueNanos = enter(bytes, options);
        context.after(queueNanos + travelNanos(options), () -> arrive(packet));
        if (options.duplicate() > 0 && random.chance(options.duplicate())) {
            links.counts.duplicates++;
            context.after(queueNanos + travelNanos(options), () -> arrive(packet));
        }
    }

    /**
     * Sends a datagram, which may be lost, doubled, reordered and slowed down by its size, and is never sent again. It
     * is lost, too, if the link is down when it would arrive, and where a router's queue is full.
     *
     * @return the time until its last byte has left the sender
     */
    long sendOnce(int bytes, Packet packet) {
        LinkOptions options = options();
        boolean routed = options.queuedDatagrams() > 0 && options.bytesPerSecond() > 0;
        if (routed && queued == options.queuedDatagrams()) {
            lose(bytes);
            return 0;
        }
        long queueNanos = enter(bytes, options);
        if (routed) {
            queued++;
            context.after(queueNanos, () -> queued--);
        }
        int copies = options.duplicate() > 0 && random.chance(options.duplicate()) ? 2 : 1;
        links.counts.duplicates += copies - 1;
        for (int copy = 0; copy < copies; copy++) {
            if (options.loss() > 0 && random.chance(options.loss())) {
                lose(bytes);
            } else {
                context.after(queueNanos + pathNanos(options) + reorderNanos(options),
                        () -> arriveOrBeLost(packet, bytes));
            }
        }
        return routed ? 0 : queueNanos;
    }

    private void lose(int bytes) {
        links.counts.losses++;
        context.trace.network(NetworkEvent.DROP, 0, bytes);
    }

    /** Whether nothing would arrive now. */
    boolean isDown() {
        long now = context.clock.elapsedNanos();
        return blocked || outages.end(now) > now;
    }

    private void arriveOrBeLost(Packet packet, int bytes) {
        if (isDown()) {
            context.trace.network(NetworkEvent.DROP, 0, bytes);
        } else {
            packet.arrive();
        }
    }

    /** Sends what carries no bytes and is made good at once when it is lost, such as an acknowledgement. */
    void signal(Packet packet) {
        context.after(pathNanos(options()), () -> arrive(packet));
    }

    /** From now on nothing arrives; what is on the way waits for {@link #heal}. */
    void block() {
        blocked = true;
    }

    /** What was held is sent again. */
    void heal() {
        if (!blocked) {
            return;
        }
        blocked = false;
        List<Held> waiting = List.copyOf(held);
        held.clear();
        for (Held each : waiting) {
            each.givingUp.cancel();
            context.after(pathNanos(options()), () -> arrive(each.packet));
        }
    }

    /** Takes its turn in a link of limited speed; returns the time until all of it is in. */
    private long enter(int bytes, LinkOptions options) {
        links.counts.segments++;
        if (options.bytesPerSecond() == 0) {
            return 0;
        }
        long now = context.clock.elapsedNanos();
        freeAtNanos = Math.max(freeAtNanos, now) + bytes * 1_000_000_000L / options.bytesPerSecond();
        return freeAtNanos - now;
    }

    private long pathNanos(LinkOptions options) {
        return options.latency().toNanos() + random.upToNanos(options.jitter().toNanos());
    }

    private long travelNanos(LinkOptions options) {
        long nanos = pathNanos(options);
        long retransmitNanos = TcpTimes.RETRANSMIT_NANOS;
        while (options.loss() > 0 && random.chance(options.loss())) {
            links.counts.losses++;
            nanos += retransmitNanos;
            retransmitNanos = Math.min(2 * retransmitNanos, TcpTimes.MAX_RETRANSMIT_NANOS);
        }
        return nanos + reorderNanos(options);
    }

    private long reorderNanos(LinkOptions options) {
        if (options.reorder() > 0 && random.chance(options.reorder())) {
            links.counts.reorders++;
            return random.upToNanos(1_000_000 + options.latency().toNanos() + options.jitter().toNanos());
        }
        return 0;
    }

    private void arrive(Packet packet) {
        if (blocked) {
            hold(packet);
            return;
        }
        long now = context.clock.elapsedNanos();
        long up = outages.end(now);
        if (up > now) {
            context.trace.network(NetworkEvent.HOLD, 0, up - now);
            context.after(up - now, () -> arrive(packet));
        } else {
            packet.arrive();
        }
    }

    private void hold(Packet packet) {
        var waiting = new Held(packet);
        held.add(waiting);
        context.trace.network(NetworkEvent.HOLD, 0, 0);
    }

    /** A packet that waits for the link to heal. */
    private final class Held {

        private final Packet packet;
        private final EventQueue.Event givingUp;

        private Held(Packet packet) {
            this.packet = packet;
            givingUp = context.after(TcpTimes.GIVE_UP_NANOS, this::giveUp);
        }

        private void giveUp() {
            held.remove(this);
            packet.timeOut();
        }
    }
}
