package dev.heddle.http.gateway;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What befalls the hosts of a simulated hour: a new trouble every minute, of one kind or of all at once. */
final class DayWeather {

    /** Below the second in which a failure of a task is to be heard, since what would hear it may stand still too. */
    private static final Duration SHORT_STALL = Duration.ofMillis(900);

    private static final FaultPlan CUTS = FaultPlan.NONE.withCuts(0.3, 60_000);
    private static final FaultPlan REFUSALS = FaultPlan.NONE.withRefuseChance(0.2).withBlackHoleChance(0.1);
    private static final FaultPlan OUTAGES = FaultPlan.NONE.withOutages(Duration.ofSeconds(20), Duration.ofSeconds(8));
    private static final FaultPlan SLOWNESS = FaultPlan.NONE.withSlowReaders(0.3, 3_000)
            .withStalls(0.02, SHORT_STALL).withHostStalls(Duration.ofSeconds(40), SHORT_STALL);
    private static final FaultPlan ALL = SLOWNESS.withCuts(0.1, 20_000).withRefuseChance(0.1)
            .withOutages(Duration.ofSeconds(60), Duration.ofSeconds(3))
            .withClockJumps(Duration.ofMinutes(1), Duration.ofHours(1));

    private final Sim sim;
    private final SimNetwork network;
    private final SimRandom random;
    private final LinkOptions link;
    private final SimHost gate;
    private final List<SimHost> upstreams;
    private final List<SimHost> clients;
    private final Function<SimHost, Task<Void>> serve;
    private final Map<SimHost, Task<Void>> serving = new HashMap<>();
    private @Nullable Task<Void> changing;

    /**
     * @param serve begins an upstream on its host
     */
    DayWeather(Sim sim, LinkOptions link, SimHost gate, List<SimHost> upstreams, List<SimHost> clients,
            Function<SimHost, Task<Void>> serve) {
        this.sim = sim;
        this.network = sim.network();
        this.random = sim.random();
        this.link = link;
        this.gate = gate;
        this.upstreams = upstreams;
        this.clients = clients;
        this.serve = serve;
    }

    List<SimHost> clients() {
        return clients;
    }

    void begin() {
        network.link(link);
        upstreams.forEach(host -> serving.put(host, serve.apply(host)));
        changing = network.localhost().spawn(() -> {
            while (true) {
                change();
                Heddle.sleep(random.upTo(Duration.ofMinutes(2)));
            }
        });
    }

    private void change() {
        network.heal();
        network.faults(random.oneOf(List.of(FaultPlan.NONE, CUTS, REFUSALS, OUTAGES, SLOWNESS, ALL)));
        SimHost upstream = random.oneOf(upstreams);
        switch (random.below(6)) {
            case 0 -> network.partition(gate, upstream);
            case 1 -> network.block(random.chance(0.5) ? gate : upstream, random.oneOf(clients));
            case 2 -> restart(upstream, true);
            case 3 -> restart(upstream, false);
            case 4 ->
                (random.chance(0.5) ? upstream : random.oneOf(clients)).stall(random.upTo(Duration.ofSeconds(20)));
            default -> network.cut(gate, upstream);
        }
    }

    /** Ends an upstream, and begins it again after a while. */
    private void restart(SimHost upstream, boolean crash) {
        if (crash) {
            upstream.crash();
        } else {
            serving.get(upstream).cancel();
        }
        serving.get(upstream).awaitOutcome();
        Heddle.sleep(random.upTo(Duration.ofSeconds(30)));
        serving.put(upstream, serve.apply(upstream));
    }

    /** Ends all trouble; what was begun goes on. */
    void calm() {
        stop();
        network.heal();
        network.faults(FaultPlan.NONE);
        for (SimHost each : upstreams) {
            if (serving.get(each).isDone()) {
                serving.put(each, serve.apply(each));
            }
        }
    }

    private void stop() {
        Task<Void> begun = changing;
        if (begun != null) {
            begun.cancel();
            begun.awaitOutcome();
        }
    }

    /** Ends the upstreams. */
    void end() {
        serving.values().forEach(Task::cancel);
        serving.values().forEach(Task::awaitOutcome);
    }

    @Override
    public String toString() {
        return "DayWeather[" + sim + "]";
    }
}
