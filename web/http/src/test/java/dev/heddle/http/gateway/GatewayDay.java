package dev.heddle.http.gateway;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.DayLedger.End;
import dev.heddle.http.server.HttpServer;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimRandom;
import dev.heddle.sync.Mutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Simulated hours of a gateway in bad weather: clients that leave, upstreams that break the protocol, and a network
 * between them that cuts, refuses, stalls and parts. Each hour is a seed of its own, and ends in calm weather, in which all has
 * to succeed; then nothing may be left.
 */
final class GatewayDay implements LongFunction<String> {

    private static final int UPSTREAMS = 3;
    private static final int CLIENTS = 6;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(90);

    /** Breakers open again for a minute at most, and connections are silent for as long at most. */
    private static final Duration AFTER_THE_STORM = Duration.ofMinutes(5);

    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Map<End, Integer> talks = new EnumMap<>(End.class);
    private int exchanges;

    /** What is wrong in so many hours, in words that every class loader knows; empty if nothing is. */
    @Override
    public String apply(long hours) {
        for (long seed = 1; seed <= hours; seed++) {
            String wrong = hour(seed);
            if (!wrong.isEmpty()) {
                return "seed " + seed + ": " + wrong;
            }
        }
        return "";
    }

    /** How many exchanges there were. */
    int exchanges() {
        return exchanges;
    }

    /** How many of them have ended so. */
    int count(End end) {
        return ends.getOrDefault(end, 0);
    }

    /** How many talks over WebSockets have ended so. */
    int talks(End end) {
        return talks.getOrDefault(end, 0);
    }

    String hour(long seed) {
        List<DayLedger> ledgers = new ArrayList<>();
        List<String> unheard = new ArrayList<>();
        Sim.run(SimOptions.DEFAULT.withSeed(seed).withFailureHandler((what, failure) -> {
            // Of the upstreams' handlers, whose failures are played.
            if (!what.startsWith("handler failed")) {
                unheard.add(what + ": " + failure);
            }
        }), sim -> {
            var ledger = new DayLedger(
                    new DayExchange.Setting(sim.random().below(3), (seed & 1) != 0, (seed & 2) != 0));
            ledgers.add(ledger);
            sim.network().host("gate").run(() -> new Hour(sim, ledger).play());
        });
        DayLedger ledger = ledgers.getFirst();
        exchanges += ledger.size();
        for (End each : End.values()) {
            ends.merge(each, ledger.count(each), Integer::sum);
            talks.merge(each, ledger.talks(each), Integer::sum);
        }
        return ledger.verdict() + String.join("\n", unheard);
    }

    /** One hour, on the gateway's host. */
    private static final class Hour {

        private final Sim sim;
        private final SimRandom random;
        private final DayLedger ledger;
        private final DaySockets sockets;
        private final DayWeather weather;
        private final int maxBytes;

        Hour(Sim sim, DayLedger ledger) {
            this.sim = sim;
            this.random = sim.random();
            this.ledger = ledger;
            LinkOptions link = random.oneOf(List.of(
                    LinkOptions.INSTANT, LinkOptions.DEFAULT, LinkOptions.DEFAULT.withMtuBytes(100),
                    LinkOptions.DEFAULT.withLatency(Duration.ofMillis(50)).withLoss(0.02).withBytesPerSecond(200_000),
                    LinkOptions.ROUGH, LinkOptions.DEFAULT.withMtuBytes(7).withWindowBytes(5_000)));
            // Where each byte travels alone, a long body would take the hour.
            this.maxBytes = link.mtuBytes() < 1_000 ? link.mtuBytes() * 100 : Integer.MAX_VALUE;
            this.sockets = new DaySockets(ledger, random, maxBytes < Integer.MAX_VALUE);
            List<SimHost> upstreams = new ArrayList<>();
            for (int i = 0; i < UPSTREAMS; i++) {
                upstreams.add(sim.network().host("up-" + i));
            }
            List<SimHost> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(sim.network().host("client-" + i));
            }
            this.weather = new DayWeather(sim, link, sim.network().host("gate"), upstreams, clients,
                    host -> host.spawn(() -> serve(host.name())));
        }

        private void serve(String host) {
            if (ledger.setting().upstreams()) {
                new DayHttpServer(ledger, random).serve(host);
            } else {
                new DayUpstream(ledger, random).serve(host);
            }
        }

        private Upstreams upstreams() {
            Upstreams all = Upstreams.of("http://up-0", "http://up-1", "http://up-2")
                    .withMaxInFlight(1 + random.below(6)).withMaxWaiting(random.below(4));
            return random.chance(0.3)
                    ? all.withHealthCheck(ActiveHealthCheck.of("/health").withInterval(Duration.ofSeconds(10)))
                    : all;
        }

        void play() throws Exception {
            HttpClient.Builder builder = HttpClient.builder();
            Upstreams upstreams = upstreams();
            try (HttpClient http = (ledger.setting().upstreams() ? builder.http2PriorKnowledge() : builder).build()) {
                HttpServer server = play(upstreams, http);
                // A check of an upstream may still be on its way.
                Heddle.sleep(Duration.ofMinutes(2));
                ledger.close(server.statistics(), http.statistics(), upstreams.statistics());
            }
        }

        private HttpServer play(Upstreams upstreams, HttpClient http) throws Exception {
            try (Proxying gateway = Proxying.to(upstreams, http).withRetries(ledger.setting().retries())
                    .withTimeouts(ClientTimeouts.DEFAULT.withConnect(Duration.ofSeconds(5))
                            .withRead(Duration.ofSeconds(15)))) {
                HttpServer server = HttpServer.builder()
                        .any("/{path...}", request -> ledger.handle(gateway, request))
                        .accessLog(ledger::logged)
                        .start("gate", 80);
                weather.begin();
                storm();
                weather.calm();
                Heddle.sleep(AFTER_THE_STORM);
                calm();
                weather.end();
                server.stop(Duration.ofSeconds(30));
                return server;
            }
        }

        private void storm() {
            long end = Heddle.currentLoop().nanoTime() + HOUR.toNanos();
            Task<Void> talking = talk(end, false);
            run(client -> {
                while (Heddle.currentLoop().nanoTime() - end < 0) {
                    visit(client, false);
                    Heddle.sleep(random.upTo(PAUSE));
                }
            });
            talking.join();
        }

        private void calm() {
            // One at a time, so that none finds the upstreams full.
            var order = Mutex.create();
            run(client -> {
                for (int i = 0; i < 5; i++) {
                    order.run(() -> visit(client, true));
                }
            });
            talk(Heddle.currentLoop().nanoTime(), true).join();
        }

        /** What a client does. */
        private interface Part {
            void play(DayVisitor client) throws Exception;
        }

        private void run(Part part) {
            List<Task<Void>> tasks = new ArrayList<>();
            for (SimHost host : weather.clients()) {
                tasks.add(host.spawn(() -> {
                    try (DayVisitor client = ledger.setting().clients()
                            ? new DayHttpClient(ledger, random)
                            : new DayClient(ledger, random)) {
                        part.play(client);
                    }
                }));
            }
            tasks.forEach(Task::join);
        }

        /** Talks over WebSockets up to a moment, once at least, where the upstreams can. */
        private Task<Void> talk(long end, boolean isCalm) {
            return weather.clients().getFirst().spawn(() -> {
                HttpClient.Builder builder = HttpClient.builder();
                try (HttpClient http = (ledger.setting().clients() ? builder.http2PriorKnowledge() : builder).build()) {
                    do {
                        if (ledger.setting().upstreams()) {
                            sockets.talk(http, isCalm);
                            Heddle.sleep(random.upTo(PAUSE));
                        }
                    } while (ledger.setting().upstreams() && Heddle.currentLoop().nanoTime() - end < 0);
                }
            });
        }

        private void visit(DayVisitor client, boolean isCalm) {
            List<DayExchange> next = new ArrayList<>();
            next.add(ledger.begin(random, maxBytes, isCalm));
            // What is asked at once may find the upstreams full.
            while (random.chance(0.2) && !(isCalm && ledger.setting().clients())) {
                next.add(ledger.begin(random, maxBytes, isCalm));
            }
            client.visit(next);
        }
    }
}
