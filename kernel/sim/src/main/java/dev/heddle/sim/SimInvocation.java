package dev.heddle.sim;

import dev.heddle.GroupException;
import dev.heddle.TaskFailedException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.TestAbortedException;

/** One run of a test method, in the simulation of one seed. */
final class SimInvocation implements TestTemplateInvocationContext, InvocationInterceptor, ParameterResolver {

    /** One seed in so many starts with a clock that is about to wrap around. */
    private static final int WRAP_EVERY = 4;

    private static final long BEFORE_WRAP_NANOS = 2_000_000_000;

    private final Sim sim;
    private final AtomicBoolean failed;
    private final FaultTally tally;

    SimInvocation(long seed, AtomicBoolean failed, FaultTally tally) {
        sim = new Sim(options(seed));
        this.failed = failed;
        this.tally = tally;
    }

    private static SimOptions options(long seed) {
        SimOptions options = SimOptions.DEFAULT.withSeed(seed);
        boolean wraps = Math.floorMod(seed, WRAP_EVERY) == 0;
        return wraps ? options.withClockOriginNanos(Long.MAX_VALUE - BEFORE_WRAP_NANOS) : options;
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return "seed " + sim.seed();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Sim.class || type == SimNetwork.class || type == SimRandom.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == Sim.class) {
            return sim;
        }
        return type == SimNetwork.class ? sim.network() : sim.random();
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        var outcome = new Outcome(invocation);
        try {
            sim.execute(outcome, "@SimTest(seed = " + sim.seed() + "L)");
        } catch (Throwable e) {
            failed.set(true);
            throw outcome.unwrapped(e);
        } finally {
            tally.add(sim);
        }
        outcome.throwIfAborted();
    }

    /** The method's own ending, as it was before it passed through a task. */
    private static final class Outcome implements Callable<Object> {

        private final Invocation<Void> invocation;
        private @Nullable Exception checked;
        private @Nullable TestAbortedException aborted;

        private Outcome(Invocation<Void> invocation) {
            this.invocation = invocation;
        }

        @Override
        public Object call() throws Exception {
            try {
                invocation.proceed();
            } catch (Error e) {
                throw e;
            } catch (Exception e) {
                aborted = abortIn(e);
                if (aborted == null) {
                    checked = e;
                    throw e;
                }
                // No failure of the simulation: nothing to replay.
            } catch (Throwable e) {
                throw new IllegalStateException("neither an error nor an exception", e);
            }
            return this;
        }

        /** The assumption that does not hold, also of a task; null if something else has failed as well. */
        private static @Nullable TestAbortedException abortIn(@Nullable Throwable failure) {
            return switch (failure) {
                case TestAbortedException abort -> abort;
                case TaskFailedException task -> abortIn(task.getCause());
                case GroupException group -> {
                    List<TestAbortedException> aborts = group.failures()
                            .stream()
                            .map(Outcome::abortIn)
                            .filter(Objects::nonNull)
                            .toList();
                    yield aborts.size() == group.failures().size() ? aborts.getFirst() : null;
                }
                case null, default -> null;
            };
        }

        /** What a test would see without a simulation around it: a checked exception is not wrapped. */
        private Throwable unwrapped(Throwable thrown) {
            if (checked != null && thrown instanceof TaskFailedException) {
                for (Throwable note : thrown.getSuppressed()) {
                    checked.addSuppressed(note);
                }
                return checked;
            }
            return thrown;
        }

        private void throwIfAborted() {
            if (aborted != null) {
                throw aborted;
            }
        }
    }
}
