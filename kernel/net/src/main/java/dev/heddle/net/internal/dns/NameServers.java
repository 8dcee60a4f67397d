package dev.heddle.net.internal.dns;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Engine;
import dev.heddle.internal.FirstUse;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.internal.Throwables;
import dev.heddle.net.ResolverOptions;
import dev.heddle.sync.ConcurrencyLimiter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The name servers of a resolver: who is asked next, and who has been silent.
 *
 * <p>One that was silent or failed comes behind the others for {@link NameServer#REST_NANOS}; so a dead server costs its
 * timeout now and then, not each look-up.
 */
public final class NameServers {

    /** The questions under way at the same time, each with a socket. The rest waits in line. */
    public static final int MAX_UNDER_WAY = 500;

    /** As many for HTTPS records, which do not take the place of others. The rest is not asked. */
    public static final int MAX_HTTPS_UNDER_WAY = 100;

    private static final int IDS = 1 << Short.SIZE;

    private final ResolverOptions options;
    private final Counts counts;
    private final ConcurrencyLimiter sockets = ConcurrencyLimiter.named("sockets for questions to name servers",
            MAX_UNDER_WAY);

    private final ConcurrencyLimiter spareSockets = ConcurrencyLimiter.named("sockets for questions about HTTPS",
            MAX_HTTPS_UNDER_WAY);

    private final List<NameServer> servers;

    private int turn;

    public NameServers(ResolverOptions options, Counts counts) {
        this.options = options;
        this.counts = counts;
        this.servers = options.servers().stream().map(NameServer::new).toList();
    }

    /**
     * Asks until a server has answered: that there are such records, or none, or no such name.
     *
     * @throws UnansweredException if all were asked as often as the options say
     */
    DnsReply ask(Question question) throws UnansweredException {
        if (question.type() == Question.HTTPS) {
            return askOnce(question);
        }
        sockets.acquire(); // for all tries: who has failed once does not stand behind all others again
        try {
            return askAll(question);
        } finally {
            sockets.release();
        }
    }

    /**
     * Asks one server once, since all goes on without the answer. A server that is silent does not rest for that: some
     * know addresses only.
     */
    private DnsReply askOnce(Question question) throws UnansweredException {
        if (!spareSockets.tryAcquire()) {
            throw new UnansweredException("too many questions at the same time", false);
        }
        try {
            var problems = new Problems();
            Optional<DnsReply> reply = askOne(inOrder(turn).getFirst(), question, problems);
            if (reply.isPresent()) {
                return reply.get();
            }
            counts.failures++;
            throw problems.about(question);
        } finally {
            spareSockets.release();
        }
    }

    private DnsReply askAll(Question question) throws UnansweredException {
        var problems = new Problems();
        int first = options.rotate() ? turn++ : 0;
        for (int attempt = 0; attempt < options.attempts(); attempt++) {
            for (NameServer server : inOrder(first)) {
                Optional<DnsReply> reply = askOne(server, question, problems);
                if (reply.isPresent()) {
                    server.answers();
                    return reply.get();
                }
                counts.failures++;
                server.rest(Heddle.currentLoop().nanoTime());
            }
        }
        throw problems.about(question);
    }

    /** What came of asking each server, at last. */
    private static final class Problems {

        private final Map<InetSocketAddress, String> ofServer = new LinkedHashMap<>();
        private boolean saidSo;

        void add(NameServer server, String problem) {
            ofServer.put(server.address, problem);
        }

        UnansweredException about(Question question) {
            var reason = new StringBuilder("no answer about ").append(question);
            ofServer.forEach(
                    (server, problem) -> reason.append("; ").append(text(server)).append(": ").append(problem));
            return new UnansweredException(reason.toString(), saidSo);
        }
    }

    private List<NameServer> inOrder(int first) {
        List<NameServer> order = new ArrayList<>(servers);
        Collections.rotate(order, -first);
        long now = Heddle.currentLoop().nanoTime();
        order.sort(Comparator.comparing(server -> server.isResting(now)));
        return order;
    }

    private Optional<DnsReply> askOne(NameServer server, Question question, Problems problems) {
        try {
            Optional<DnsReply> reply = Heddle.moveOnAfter(options.timeout(), () -> exchange(server, question));
            if (reply.isEmpty()) {
                problems.add(server, "silent for " + options.timeout().toMillis() + " ms");
                return reply;
            }
            String problem = problemOf(reply.get());
            if (problem.isEmpty()) {
                return reply;
            }
            problems.add(server, problem);
            problems.saidSo |= reply.get().code() == DnsReply.SERVER_FAILURE;
        } catch (CancelledException e) {
            throw e;
        } catch (HeddleException e) {
            problems.add(server, Throwables.describe(e.getCause() instanceof IOException cause ? cause : e));
        }
        return Optional.empty();
    }

    private DnsReply exchange(NameServer server, Question question) throws IOException {
        boolean edns = options.edns() && !server.isOld;
        DnsReply reply = send(server, question, edns);
        if (edns && mayNotKnowEdns(reply.code())) {
            // RFC 6891 section 7: the same question as it was asked before there was EDNS.
            reply = send(server, question, false);
            if (!mayNotKnowEdns(reply.code())) {
                server.isOld = true;
            }
        }
        return reply;
    }

    private DnsReply send(NameServer server, Question question, boolean edns) throws IOException {
        Exchange exchange = newExchange(server, question, edns);
        if (options.tcp()) {
            return exchange.overTcp();
        }
        Optional<DnsReply> reply = exchange.overUdp(Exchange.MAX_STRAYS);
        return reply.isPresent() ? reply.get() : pastGuesses(server, question, edns);
    }

    /**
     * Asks a server in whose name somebody guesses: over TCP, where nobody can, for half of the time. A server that
     * does not answer there is asked again from another port, under another number. Then nothing ends the wait but the
     * time: the right answer still comes behind the guesses.
     */
    private DnsReply pastGuesses(NameServer server, Question question, boolean edns) throws IOException {
        Optional<DnsReply> reply = Optional.empty();
        try {
            reply = Heddle.moveOnAfter(
                    options.timeout().dividedBy(2), () -> newExchange(server, question, edns).overTcp());
        } catch (CancelledException e) {
            throw e;
        } catch (HeddleException e) {
            // It does not serve TCP.
        }
        return reply.isPresent()
                ? reply.get()
                : newExchange(server, question, edns).overUdp(Integer.MAX_VALUE).orElseThrow();
    }

    private Exchange newExchange(NameServer server, Question question, boolean edns) throws IOException {
        FirstUse.RANDOM.begin();
        return new Exchange(server, question, edns, drawId(), counts);
    }

    private static boolean mayNotKnowEdns(int code) {
        return code == DnsReply.FORMAT_ERROR || code == DnsReply.NOT_IMPLEMENTED || code == DnsReply.BAD_VERSION;
    }

    private static int drawId() {
        Engine engine = Heddle.currentLoop().engine();
        return engine.isSimulated() ? Math.floorMod(engine.random(), IDS) : SecretNumbers.below(IDS);
    }

    /** Why an answer does not answer; empty if it does. */
    private static String problemOf(DnsReply reply) {
        return switch (reply.code()) {
            case DnsReply.NO_SUCH_NAME -> "";
            case DnsReply.OK -> isLame(reply) ? "it only names other servers" : "";
            case DnsReply.FORMAT_ERROR -> "it does not understand the question";
            case DnsReply.SERVER_FAILURE -> "it failed (SERVFAIL)";
            case DnsReply.NOT_IMPLEMENTED -> "it does not know such questions";
            case 5 -> "it refuses";
            default -> "it answers with code " + reply.code();
        };
    }

    private static boolean isLame(DnsReply reply) {
        return reply.answers().isEmpty() && !reply.authoritative() && !reply.recursive() && reply.zone() == null
                && reply.delegation();
    }

    private static String text(InetSocketAddress server) {
        String address = server.getAddress().getHostAddress();
        return server.getPort() == ResolverOptions.PORT ? address : address + " port " + server.getPort();
    }
}
