package dev.heddle.cli.node;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cluster.ClusterView;

/** The way of the commands into a cluster, and what they say when there is none. */
final class ClusterAccess {

    private ClusterAccess() {}

    /** Something to do with a view of a cluster, in a task. */
    @FunctionalInterface
    interface Look {

        /** Does it, and gives the exit code. */
        int at(ClusterView view) throws Exception;
    }

    /** What may fail for reasons outside of the program. */
    @FunctionalInterface
    interface Attempt<T> {

        /** Does it. */
        T get() throws Exception;
    }

    /** Looks into the cluster that the options name. */
    static int look(Arguments arguments, Look look) throws Exception {
        return told(() -> {
            ClusterAddress address = ClusterAddress.of(arguments);
            return Heddle.run(CommandLoops.CONFIG, () -> {
                try (ClusterView view = ClusterView.open(address.options())) {
                    return look.at(view);
                }
            });
        });
    }

    /** Turns what is expected to go wrong into one line for the user. */
    static <T> T told(Attempt<T> attempt) throws Exception {
        try {
            return attempt.get();
        } catch (CancelledException e) {
            throw e;
        } catch (NoClassDefFoundError e) {
            throw EmbeddedStore.missing(e);
        } catch (HeddleException e) {
            throw new FailureException(HumanFormat.printable(String.valueOf(e.getMessage())), e);
        }
    }
}
