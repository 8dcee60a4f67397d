package dev.heddle;

/** Who waits for what on a loop, for people. */
final class WaitReport {

    private static final int MOST = 100;

    private WaitReport() {}

    static String of(Loop loop) {
        StringBuilder text = new StringBuilder("everything on ")
                .append(loop.name())
                .append(" waits and nothing can happen:");
        int listed = 0;
        for (Task<?> task : loop.allTasks()) {
            if (listed++ == MOST) {
                text.append("\n  ... and more tasks");
                break;
            }
            text.append("\n  ").append(task).append(": ").append(task.waitingFor().orElse("ready to run"));
            task.spawnedAt().ifPresent(line -> text.append("\n      spawned at ").append(line));
        }
        return text.toString();
    }
}
