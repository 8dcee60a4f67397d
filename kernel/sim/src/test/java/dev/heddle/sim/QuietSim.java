package dev.heddle.sim;

/** Simulations whose failures are not printed, for searches that expect many of them. */
public final class QuietSim {

    private QuietSim() {}

    /** Runs a body as {@link Sim#run(SimOptions, Sim.Body)} does. */
    public static void run(SimOptions options, Sim.Body body) {
        var sim = new Sim(options);
        sim.execute(Sim.asCallable(sim, body));
    }

    /** A stream of random numbers outside of simulations. */
    public static SimRandom random(long seed) {
        return new SimRandom(seed);
    }
}
