package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.engine.WaitSlot;
import dev.heddle.http.client.AddressRules;
import dev.heddle.http.internal.client.call.Alternatives;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientRoute;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.internal.Durations;
import dev.heddle.io.ByteStream;
import dev.heddle.net.AddressRefusedException;
import dev.heddle.net.Dns;
import dev.heddle.net.ResolveException;
import dev.heddle.net.internal.HttpsRecords;
import dev.heddle.tls.TlsTrust;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connect to an origin that is to be had by HTTP/3 and by TCP, as RFC 8305 has it for addresses: HTTP/3 has a head
 * start, which its failure ends. The first that is ready wins; the other is cancelled.
 *
 * <p>Where nothing is known of the origin, DNS is asked (RFC 9460) while its addresses are looked up. TCP does not wait
 * for that answer once the addresses are there. One that comes later begins HTTP/3 beside TCP.
 *
 * <p>What became of HTTP/3 is remembered: a failure is a verdict at once, silence only where it comes again.
 *
 * <p>Cancellation: a cancelled call leaves neither connection. Owned by the calling task.
 */
final class Http3Race {

    /** How long HTTP/3 may take to connect; TCP has begun long before. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CallContext call;
    private final HostPool host;
    private final Origin origin;
    private final Alternatives known;
    private final WaitSlot changed;

    /** What DNS is asked; null if the place is known without it. */
    private final HttpsRecords.@Nullable Question question;

    /** Null while it is not known, and if there is none. */
    private Alternatives.@Nullable Place place;

    private boolean isAnswered;
    private boolean hasAddresses;
    private boolean hadHeadStart;
    private long beganNanos;
    private @Nullable ClientSession session;
    private @Nullable ByteStream stream;
    private @Nullable RuntimeException quicFailure;
    private @Nullable RuntimeException tcpFailure;

    /** That of TCP; null before it has begun. */
    private @Nullable CancelScope tcp;

    private Http3Race(CallContext call, HostPool host, Alternatives known, Alternatives.@Nullable Place place,
            HttpsRecords.@Nullable Question question) {
        this.call = call;
        this.host = host;
        this.origin = host.route.origin();
        this.known = known;
        this.place = place;
        this.question = question;
        this.changed = new WaitSlot("connecting to ", origin);
    }

    /**
     * Makes a connection, one of which both answers is there.
     *
     * @return null if the origin is not known to speak HTTP/3 and DNS is not to be asked, or is to be left alone
     * @throws HeddleException if both fail, that of TCP; that of HTTP/3 is suppressed in it
     */
    static @Nullable Http3Race run(CallContext call, ConnectionPlace at) {
        Alternatives known = call.client().alternatives();
        ClientRoute route = at.host.route;
        if (known == null || !at.shared || !isPossible(route)) {
            return null;
        }
        Origin origin = route.origin();
        long now = call.loop().loop().nanoTime();
        Alternatives.Place found = known.find(origin, now);
        HttpsRecords.Question question = known.isUnknown(origin, now)
                ? HttpsRecords.source().about(origin.host(), origin.port()).orElse(null)
                : null;
        if (found == null && question == null) {
            return null;
        }
        var race = new Http3Race(call, at.host, known, found, question);
        race.run();
        return race;
    }

    /** Whether a way may be by HTTP/3. */
    static boolean isPossible(ClientRoute route) {
        return route.proxy() == null && route.origin().tls();
    }

    /** What has won, if it is HTTP/3. */
    @Nullable ClientSession session() {
        return session;
    }

    /** What has won, if it is TCP. */
    ByteStream stream() {
        return Objects.requireNonNull(stream);
    }

    private long now() {
        return call.loop().loop().nanoTime();
    }

    private void run() {
        call.deadline().enter(Phase.CONNECT);
        boolean over = false;
        try {
            Heddle.group(this::race);
            over = true;
        } finally {
            if (!over) {
                if (place != null && CancelScope.current().hasExpired()) {
                    call.deadline().because(words(quicFailure, "HTTP/3") + "; " + words(tcpFailure, "TCP"));
                }
                abort();
            }
        }
        if (quicFailure != null && !(quicFailure instanceof HeddleException)) {
            abort();
            throw quicFailure; // a fault, and not the network
        }
        remember();
        if (session == null && stream == null) {
            throw failure();
        }
    }

    private static String words(@Nullable RuntimeException failure, String way) {
        return failure == null ? "no answer by " + way : String.valueOf(failure.getMessage());
    }

    private void abort() {
        if (session != null) {
            session.abort();
        }
        if (stream != null) {
            stream.abort();
        }
    }

    private void remember() {
        if (session != null) {
            known.worked(origin, now() - beganNanos);
        } else if (quicFailure != null) {
            known.failed(origin, now());
        } else if (hadHeadStart) {
            known.missed(origin, now());
        }
    }

    private RuntimeException failure() {
        RuntimeException failure = Objects.requireNonNull(tcpFailure);
        if (quicFailure != null) {
            failure.addSuppressed(quicFailure);
        }
        return failure;
    }

    private void race(TaskGroup group) {
        group.spawn("HTTP/3 to " + origin, () -> overQuic(group));
        while (question != null && !isAnswered && !hasAddresses) {
            changed.await();
        }
        if (place != null) {
            hadHeadStart = true;
            Heddle.moveOnAfter(headStart(), this::awaitQuic);
        }
        if (session == null) {
            overTcp();
            if (stream == null && place != null) {
                awaitQuic();
            }
        }
        group.cancel("the other one was faster");
    }

    /** For the time that it takes; TCP hears of a failure by itself. */
    private void findAddresses() {
        try {
            Dns.resolve(origin.host());
        } catch (ResolveException e) {
            // As said.
        } finally {
            hasAddresses = true;
            changed.wake();
        }
    }

    private void ask(HttpsRecords.Question asked) {
        try {
            asked.ask().ifPresent(found -> {
                place = new Alternatives.Place(found.host(), found.port());
                known.learn(origin, place, found.untilNanos(), now());
            });
        } catch (ResolveException e) {
            // As if there were none.
        } finally {
            isAnswered = true;
            changed.wake();
        }
    }

    /** Half of the time that there is at most, so that TCP has its part of a short one. */
    private Duration headStart() {
        Duration left = CancelScope.current().remaining().orElse(PATIENCE);
        return Durations.shorter(known.headStart(origin), left.dividedBy(2));
    }

    private void awaitQuic() {
        while (session == null && quicFailure == null) {
            changed.await();
        }
    }

    private void overQuic(TaskGroup group) {
        try {
            if (question != null) {
                // It gets no turn before an answer that is remembered.
                group.spawn("addresses of " + origin.host(), this::findAddresses);
                ask(question);
            }
            Alternatives.Place at = place;
            if (at == null) {
                return;
            }
            beganNanos = now();
            Heddle.moveOnAfter(PATIENCE, () -> dial(at));
            if (session == null) {
                quicFailure = new BrokenException("no answer by HTTP/3 in " + PATIENCE.toSeconds() + " s");
            }
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            quicFailure = e;
        } finally {
            changed.wake();
        }
    }

    private void won(ClientSession made) {
        if (stream != null) {
            made.abort();
            return;
        }
        session = made;
        if (tcp != null) {
            tcp.cancel("HTTP/3 was faster");
        }
    }

    private void overTcp() {
        try {
            boolean whole = CancelScope.open(own -> {
                tcp = own;
                stream = Dialer.connectInTime(call, host.route, true);
            });
            if (stream != null && (!whole || session != null)) {
                stream.abort();
                stream = null;
            }
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            tcpFailure = e;
        }
    }

    private void dial(Alternatives.Place at) {
        AddressRules rules = call.client().addresses();
        List<InetAddress> found = Dns.resolve(at.host());
        List<InetAddress> allowed = found.stream().filter(each -> rules == null || rules.allows(each)).toList();
        if (allowed.isEmpty()) {
            throw new AddressRefusedException(at.host(), found);
        }
        Http3Client http3 = Objects.requireNonNull(call.loop().http3());
        TlsTrust trust = call.client().tls().trust();
        new StaggeredDial(allowed, at.port(), server -> http3.connect(host, call, trust, origin.host(), server),
                this::won).run();
    }
}
