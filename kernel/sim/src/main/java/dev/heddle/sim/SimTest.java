package dev.heddle.sim;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test that runs in simulations, one per seed, until one fails.
 *
 * <pre>{@code
 * @SimTest
 * void everyRequestIsAnswered(SimNetwork network) { ... }      // seeds 1 to 100
 *
 * @SimTest(seed = 42)
 * void everyRequestIsAnswered(SimNetwork network) { ... }      // replays one
 * }</pre>
 *
 * <p>The method may take a {@link Sim}, a {@link SimNetwork} and a {@link SimRandom}. It runs as the main task; methods
 * before and after each test run outside of the simulation, once per seed, with a new test instance.
 *
 * <p>With every fourth seed {@code Engine.nanoTime()} wraps around two seconds after the start: code that compares
 * clock readings instead of their differences fails then.
 *
 * <p>The JUnit parameters {@code heddle.sim.seeds} and {@code heddle.sim.base} replace the count of seeds and the first
 * of them where no {@link #seed} is given, for longer searches than a build has time for.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimTestExtension.class)
public @interface SimTest {

    /** How many seeds are tried, from 1 on; at least 1. */
    int seeds() default 100;

    /** The seeds to run instead. */
    long[] seed() default {};
}
