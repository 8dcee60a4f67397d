// A mistake: the group is kept, and used after its end.
// Nothing may outlive its group. What shall live longer belongs to a group further out.

import static dev.heddle.Heddle.*;

import dev.heddle.TaskGroup;

TaskGroup kept;

void main() {
    run(() -> {
        group(g -> {
            kept = g;
            g.spawn(() -> IO.println("in time"));
        });
        kept.spawn(() -> IO.println("too late"));
    });
}
