package dev.heddle.http.gateway;

import dev.heddle.http.StatusException;
import dev.heddle.http.client.ClientStatistics;
import dev.heddle.http.server.AccessRecord;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerStatistics;
import dev.heddle.sim.SimRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The book of a simulated day: what was asked and what has become of it, and what of that must not be. Both sides and
 * the gateway's server write into it, which nothing of Heddle comes between.
 */
final class DayLedger {

    static final String ID = "X-Id";
    private static final String PATH = "/exchange/";

    /** How an exchange may end for its client. */
    enum End {
        ANSWERED,
        REFUSED_BY_THE_GATEWAY,
        CUT,
        NOT_CONNECTED,
        CLIENT_LEFT
    }

    private final List<DayExchange> all = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Map<End, Integer> talks = new EnumMap<>(End.class);
    private final DayExchange.Setting setting;

    /** Answers of upstreams that the gateway has passed to its server. */
    private long answers;

    /** What its handler had that ended neither so nor by a failure of an upstream. */
    private long otherEnds;

    /** Records of the access log, by the hundreds of their status; 0 for none. */
    private final long[] records = new long[6];

    DayLedger(DayExchange.Setting setting) {
        this.setting = setting;
    }

    DayExchange.Setting setting() {
        return setting;
    }

    DayExchange begin(SimRandom random, int maxBytes, boolean isCalm) {
        var exchange = new DayExchange(all.size(), setting, random, maxBytes, isCalm);
        all.add(exchange);
        return exchange;
    }

    static String path(DayExchange exchange) {
        return PATH + exchange.id;
    }

    /** The exchange that a path is of. */
    DayExchange at(String path) {
        return all.get(Integer.parseInt(path.substring(PATH.length())));
    }

    void wrong(DayExchange exchange, String words) {
        if (!exchange.isWrong && wrong.size() < 20) {
            exchange.isWrong = true;
            wrong.add(words + ": " + exchange);
        }
    }

    void wrong(String words) {
        wrong.add(words);
    }

    /** A talk over a WebSocket has ended so. */
    void talked(End end) {
        talks.merge(end, 1, Integer::sum);
    }

    int talks(End end) {
        return talks.getOrDefault(end, 0);
    }

    void check(boolean isRight, DayExchange exchange, String words) {
        if (!isRight) {
            wrong(exchange, words);
        }
    }

    /** A handler of an upstream has a request, with this number in a field. */
    void arrived(DayExchange exchange, String id) {
        check(id.equals("" + exchange.id), exchange, "the head of another request, " + id);
        exchange.arrivals++;
        check(exchange.arrivals <= exchange.maxArrivals(), exchange, "asked too often");
    }

    /** A body has come to its end. */
    void hadWhole(DayExchange exchange, long bytes) {
        check(bytes == Math.max(0, exchange.up), exchange, "a body of " + bytes + " bytes at the upstream");
        check(exchange.isSentWhole, exchange, "a whole body at the upstream that was not sent whole");
        exchange.isHadWhole = true;
    }

    /** The gateway, with its way in and out watched. */
    Response handle(Proxying gateway, Request request) throws Exception {
        if (!request.path().startsWith(DaySockets.PATH)) {
            DayExchange exchange = at(request.path());
            check(++exchange.handled <= exchange.maxHandled(), exchange, "a request that came twice");
        }
        try {
            Response response = gateway.handle(request);
            answers++;
            return response;
        } catch (StatusException e) {
            otherEnds += e.status() == 502 || e.status() == 504 ? 0 : 1;
            throw e;
        } catch (Exception e) {
            otherEnds++;
            throw e;
        }
    }

    void logged(AccessRecord record) {
        records[record.status() / 100]++;
        if (record.target().startsWith(PATH)) {
            DayExchange exchange = at(record.target());
            exchange.logged.add(record.status());
        }
    }

    /** The client has a whole answer of an upstream. */
    void answered(DayExchange exchange, int status, String id, long bytes) {
        exchange.seen = status;
        check(id.equals("" + exchange.id), exchange, "the answer to another request, " + id);
        check(status == exchange.status(), exchange, "a status that is not the upstream's, " + status);
        check(bytes == exchange.answerBytes(), exchange, "an answer of " + bytes + " bytes that looks whole");
        check(exchange.arrivals > 0, exchange, "an answer to what no upstream has got");
        boolean readsFirst = exchange.up > 0 && !exchange.manner.name().startsWith("EARLY");
        check(!readsFirst || exchange.isHadWhole, exchange, "an answer to a body that has not come");
        end(exchange, End.ANSWERED);
    }

    /** The client has a whole answer of the gateway itself. */
    void refused(DayExchange exchange, int status, String proxyStatus) {
        exchange.seen = status;
        boolean isOfUpstream = status == 502 || status == 503 || status == 504;
        // A client that has ended its output counts as gone, and may read on.
        boolean isGone = (status == 400 || status == 499) && !exchange.deed.isToTheEnd();
        check(isOfUpstream || status == 408 || isGone, exchange, "the gateway's own answer " + status);
        check(!isOfUpstream || proxyStatus.startsWith("heddle; error="), exchange,
                "a failure without a name, " + status + ' ' + proxyStatus);
        end(exchange, End.REFUSED_BY_THE_GATEWAY);
    }

    void end(DayExchange exchange, End end) {
        check(!exchange.isCalm || end == End.ANSWERED, exchange, "no success in calm weather, but " + end);
        ends.merge(end, 1, Integer::sum);
    }

    int count(End end) {
        return ends.getOrDefault(end, 0);
    }

    long count(Predicate<DayExchange> which) {
        return all.stream().filter(which).count();
    }

    int size() {
        return all.size();
    }

    /** Compares the counters with what has happened, when all is over and nothing may be left. */
    void close(ServerStatistics server, ClientStatistics client, List<UpstreamStatistics> upstreams) {
        for (DayExchange each : all) {
            // A head that comes too slowly is logged without its target.
            check(each.seen == 0 || each.logged.contains(each.seen)
                    || (each.seen == 408 && each.logged.isEmpty()), each, "another status in the log");
            check(each.arrivals == 0 || each.handled > 0, each, "past the gateway's handler");
        }
        equal(server.connections() + server.inFlight(), 0, "the server has something left", server);
        equal(server.requests(), records[0] + records[1] + records[2] + records[3] + records[4] + records[5],
                "requests of the log", server);
        equal(server.unanswered(), records[0], "unanswered ones of the log", server);
        equal(server.successes(), records[2], "successes of the log", server);
        equal(server.redirections(), records[3], "redirections of the log", server);
        equal(server.clientErrors(), records[4], "errors of clients of the log", server);
        equal(server.serverErrors(), records[5], "errors of the server of the log", server);
        equal(client.waiting() + client.connections() - client.idle(), 0, "the client has something left", client);
        long tries = 0;
        long failures = 0;
        for (UpstreamStatistics each : upstreams) {
            equal(each.inFlight() + each.waiting(), 0, "an upstream has something left", each);
            tries += each.requests();
            failures += each.failures();
        }
        long arrivals = all.stream().mapToLong(exchange -> exchange.arrivals).sum();
        if (arrivals > tries) {
            wrong.add(arrivals + " arrivals of " + tries + " tries: " + upstreams);
        }
        long succeeded = tries - failures;
        if (succeeded < answers || succeeded > answers + otherEnds) {
            wrong.add(tries + " tries and " + failures + " failures for " + answers + " answers and " + otherEnds
                    + " other ends: " + upstreams);
        }
    }

    private void equal(long one, long other, String words, Object where) {
        if (one != other) {
            wrong.add(words + ", " + one + " and " + other + ": " + where);
        }
    }

    /** What is wrong first; empty if nothing is. */
    String verdict() {
        return wrong.isEmpty() ? "" : String.join("\n", wrong);
    }

    @Override
    public String toString() {
        return all.size() + " exchanges, " + ends;
    }
}
