package dev.heddle.process;

import dev.heddle.Action;
import java.io.Serializable;

/** A body without a result that can run in another process; as {@link RemoteCallable}. */
@FunctionalInterface
public interface RemoteAction extends Action, Serializable {}
