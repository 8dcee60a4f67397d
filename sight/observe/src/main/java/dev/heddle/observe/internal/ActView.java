package dev.heddle.observe.internal;

import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The view by which a person acts on a part of this process: {@code act part=7 do=pause}, or on what is in it: {@code act
 * part=7 do=retry item=...}. What each can do is told with its line of
 * {@code pools}.
 */
final class ActView implements View {

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        Acts.require();
        long id = request.number("part", 1, Long.MAX_VALUE, 0);
        String what = request.text("do").orElse("");
        Optional<Part<?>> part = Parts.all().stream().filter(each -> each.id() == id).findFirst();
        if (part.isEmpty()) {
            throw new BadRequestException("there is no part " + id + ", or no more");
        }
        String type = part.get().type();
        Optional<String> item = request.text("item");
        Set<String> acts = item.isEmpty() ? part.get().acts() : part.get().itemActs();
        if (!acts.contains(what)) {
            throw new BadRequestException("what can be done with " + type + " " + id + ": "
                    + String.join(", ", new TreeSet<>(acts)));
        }
        ObserverLog.log(Level.INFO, type + " " + id + " is asked to " + what + item.map(name -> ' ' + name).orElse("")
                + " from outside", null);
        boolean did;
        try {
            did = item.isEmpty() ? part.get().act(what) : part.get().act(what, item.get());
        } catch (RuntimeException e) {
            throw new BadRequestException("not done: " + Throwables.describe(e));
        }
        if (!did) {
            throw new BadRequestException(type + " " + id + " is no more");
        }
        out.begin("acted").put("part", id).put("did", what).end();
    }
}
