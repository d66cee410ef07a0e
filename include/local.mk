noinst_HEADERS += \
  include/cutover/catalogue.def \
  include/cutover/catalogue.h \
  include/cutover/diagnosis.h \
  include/cutover/error.h \
  include/cutover/evidence.h \
  include/cutover/fact.h \
  include/cutover/facts.def \
  include/cutover/finding.h \
  include/cutover/limits.h \
  include/cutover/observation.h \
  include/cutover/outcome.h \
  include/cutover/policy.h \
  include/cutover/probe.h \
  include/cutover/probes.def \
  include/cutover/renderer.h \
  include/cutover/renderers.def \
  include/cutover/report.h \
  include/cutover/rule.h \
  include/cutover/rules.def \
  include/cutover/sink.h \
  include/cutover/target.h \
  $(END)
