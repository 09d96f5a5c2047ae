# The same question for conftest: the two lists that most manifests have, and the bases of Dockerfiles.
package main

import rego.v1

deny contains msg if {
	some list in ["containers", "initContainers"]
	some container in input.spec.template.spec[list]
	not contains(container.image, "@sha256:")
	msg := sprintf("%s has no digest", [container.image])
}

deny contains msg if {
	some command in input
	command.Cmd == "from"
	image := command.Value[0]
	not contains(image, "@sha256:")
	msg := sprintf("%s has no digest", [image])
}
