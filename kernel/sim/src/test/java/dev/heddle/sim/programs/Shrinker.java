package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the program of a finding smaller, as long as the same rule is still broken in one of a few simulations. */
final class Shrinker {

    private static final int SEEDS = 12;
    private static final int RUNS = 2 * ProgramSearch.RUNS;

    private ProgramRun.Finding smallest;

    private Shrinker(ProgramRun.Finding finding) {
        smallest = finding;
    }

    /** The smallest finding that can be reached by steps of which each makes it smaller. */
    static ProgramRun.Finding shrink(ProgramRun.Finding finding) {
        var shrinker = new Shrinker(finding);
        while (shrinker.step()) {
            // once more from the start
        }
        return shrinker.smallest;
    }

    private boolean step() {
        for (List<Statement> each : smaller(smallest.program().body())) {
            ProgramRun.Finding found = find(new Program(each));
            if (found != null) {
                smallest = found;
                return true;
            }
        }
        return false;
    }

    private ProgramRun.@Nullable Finding find(Program program) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            ProgramRun.Finding found = ProgramRun.of(program, seed, RUNS, new Tally());
            if (found != null && found.kind().equals(smallest.kind())) {
                return found;
            }
        }
        return null;
    }

    /** All that is one step smaller, what saves most first. */
    private static List<List<Statement>> smaller(List<Statement> block) {
        List<List<Statement>> all = new ArrayList<>();
        for (int i = 0; i < block.size(); i++) {
            all.add(with(block, i, List.of()));
        }
        for (int i = 0; i < block.size(); i++) {
            Statement each = block.get(i);
            if (each.verb().form.block) {
                all.add(with(block, i, each.body()));
                for (List<Statement> body : smaller(each.body())) {
                    all.add(with(block, i, List.of(each.withBody(body))));
                }
            }
            if (each.verb() == Verb.SPAWN_IN_GROUP) {
                all.add(with(block, i, List.of(new Statement(Verb.SPAWN, each.target(), 0, each.body()))));
            }
            for (int number = 0; number < each.number(); number = number == 0 ? 1 : number * 2) {
                all.add(with(block, i, List.of(new Statement(each.verb(), each.target(), number, each.body()))));
            }
        }
        return all;
    }

    private static List<Statement> with(List<Statement> block, int place, List<Statement> instead) {
        List<Statement> changed = new ArrayList<>(block);
        changed.remove(place);
        changed.addAll(place, instead);
        return changed;
    }
}
